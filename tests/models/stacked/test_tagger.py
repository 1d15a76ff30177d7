"""A tagger is its layer and a matrix."""

import torch

from seqviz.models.stacked.recurrent_layers import RNNLayer
from seqviz.models.stacked.tagger import Tagger


def test_scores_read_the_states_of_the_layer():
    torch.manual_seed(0)
    layer = RNNLayer(3, 5, dtype=torch.float64)
    tagger = Tagger(layer, 5, 4, dtype=torch.float64)
    x, lengths = torch.randn(2, 6, 3, dtype=torch.float64), torch.tensor([6, 2])
    logits, (states, _) = tagger(x, lengths), layer(x, None, lengths)
    assert logits.shape == (2, 6, 4)
    with torch.no_grad():
        tagger.b_y.copy_(torch.randn(4))
        expected = torch.einsum("bth,oh->bto", states, tagger.W_hy) + tagger.b_y
    torch.testing.assert_close(tagger(x, lengths), expected, rtol=0, atol=1e-12)
