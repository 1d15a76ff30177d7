"""How the layers start; what they compute is compared with torch in test_from_torch."""

from functools import partial

import pytest
import torch

from seqviz.models.gated import gru, lstm
from seqviz.models.gated.lstm_variants import VARIANTS, LSTMVariantLayer
from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.recurrent_layers import GRULayer, LSTMLayer, RNNLayer

LAYERS = [RNNLayer, GRULayer, LSTMLayer]
EVERY_CELL = [
    *(partial(RNNLayer, nonlinearity=nonlinearity) for nonlinearity in ("tanh", "relu")),
    *(partial(GRULayer, variant=variant) for variant in gru.BLOCKS),
    *(partial(LSTMLayer, gates=gates) for gates in lstm.MEMBERS),
    *(partial(LSTMVariantLayer, variant=variant) for variant in VARIANTS),
]


@pytest.mark.parametrize("kind", LAYERS)
def test_weights_start_as_torchs(kind):
    torch.manual_seed(0)
    layer = kind(30, 16)
    for parameter in layer.parameters():
        assert parameter.abs().max() <= 0.25
        assert parameter.abs().max() > 0.2
        assert abs(parameter.mean()) < 0.12


@pytest.mark.parametrize("kind", LAYERS)
def test_without_bias_nothing_is_added_or_learnt(kind):
    layer = kind(3, 4, bias=False, dtype=torch.float64)
    assert {name for name, parameter in layer.named_parameters() if parameter.requires_grad} == {"W_x", "W_h"}
    states, _ = layer(torch.zeros(2, 5, 3, dtype=torch.float64))
    assert not states.any()


@pytest.mark.parametrize("kind", EVERY_CELL)
def test_a_sequence_can_be_read_in_pieces(kind):
    torch.manual_seed(1)
    layer = kind(3, 4, dtype=torch.float64)
    x = torch.randn(2, 7, 3, dtype=torch.float64)
    whole, last = layer(x)
    first, between = layer(x[:, :3])
    second, end = layer(x[:, 3:], between)
    torch.testing.assert_close(torch.cat([first, second], 1), whole, rtol=0, atol=1e-12)
    assert type(end) is type(last) is (tuple if isinstance(layer, LSTMLayer | LSTMVariantLayer) else torch.Tensor)
    for one, other in zip(end, last, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)
    torch.testing.assert_close(whole[:, -1], last[0] if isinstance(last, tuple) else last, rtol=0, atol=0)


@pytest.mark.parametrize("kind", EVERY_CELL)
def test_both_directions_of_any_cell_are_two_runs(kind):
    torch.manual_seed(2)
    both = Bidirectional(kind(3, 4, dtype=torch.float64), kind(3, 5, dtype=torch.float64))
    x, lengths = torch.randn(2, 6, 3, dtype=torch.float64), torch.tensor([6, 3])
    states, _ = both(x, None, lengths)
    for row, length in enumerate(lengths.tolist()):
        alone = x[row : row + 1, :length]
        ahead, back = both.forward_layer(alone)[0][0], both.backward_layer.layer(alone.flip(1))[0][0].flip(0)
        torch.testing.assert_close(states[row, :length], torch.cat([ahead, back], -1), rtol=0, atol=1e-12)


def test_unknown_members_are_refused():
    with pytest.raises(ValueError, match=r"variant: expected one of 'simplified', .*, got 'other'"):
        GRULayer.__init__.__wrapped__(torch.nn.Module.__new__(GRULayer), 3, 4, "other")
    with pytest.raises(ValueError, match=r"gates: expected one of 'ig', .*, got 'fgio'"):
        LSTMLayer.__init__.__wrapped__(torch.nn.Module.__new__(LSTMLayer), 3, 4, "fgio")


@pytest.mark.parametrize("kind", LAYERS)
def test_sizes_below_one_are_refused(kind):
    with pytest.raises(ValueError, match="hidden: expected at least 1, got 0"):
        kind(3, 0)
