"""How the layers start; what they compute is compared with torch in test_from_torch."""

import pytest
import torch

from seqviz.models.recurrent_layers import GRULayer, RNNLayer

LAYERS = [RNNLayer, GRULayer]


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


@pytest.mark.parametrize("kind", LAYERS)
def test_a_sequence_can_be_read_in_pieces(kind):
    torch.manual_seed(1)
    layer = kind(3, 4, dtype=torch.float64)
    x = torch.randn(2, 7, 3, dtype=torch.float64)
    whole, last = layer(x)
    first, between = layer(x[:, :3])
    second, end = layer(x[:, 3:], between)
    torch.testing.assert_close(torch.cat([first, second], 1), whole, rtol=0, atol=1e-12)
    torch.testing.assert_close(end, last, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", LAYERS)
def test_sizes_below_one_are_refused(kind):
    with pytest.raises(ValueError, match="hidden: expected at least 1, got 0"):
        kind(3, 0)
