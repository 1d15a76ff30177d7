"""The mean of a context against torch's embedding_bag, padding left out."""

import pytest
import torch
from torch.nn.functional import embedding_bag

from seqviz.models.embeddings.cbow import CBOW
from seqviz.models.embeddings.negative_sampling import negative_sampling_loss

PAD = 6


def test_the_context_is_the_bag_of_torch():
    torch.manual_seed(0)
    model = CBOW(PAD, 3, dtype=torch.float64)
    with torch.no_grad():
        model.O.normal_()
    context, word = torch.tensor([[1, PAD, 2], [PAD, PAD, 5], [0, 0, 3]]), torch.tensor([4, 1, 2])
    negatives = torch.tensor([[1, 2], [3, 3], [5, 0]])
    padded = torch.cat([model.E, model.E.new_zeros(1, 3)])
    e = embedding_bag(context, padded, mode="mean", padding_idx=PAD)
    expected = negative_sampling_loss(e, model.O[word], model.O[negatives])
    loss = model(context, word, negatives)
    torch.testing.assert_close(loss, expected, rtol=0, atol=1e-12)
    loss.sum().backward()
    assert model.E.grad is not None
    assert not model.E.grad[4].any(), "word 4 is in no context"


def test_a_context_of_padding_alone_is_named():
    with pytest.raises(ValueError, match="at least one word"):
        CBOW(PAD, 3)(torch.tensor([[PAD, PAD]]), torch.tensor([1]), torch.tensor([[2]]))
