"""Beside torch.nn.LayerNorm, autograd and finite differences."""

import pytest
import torch
from torch import nn

from seqviz.models.transformer.layer_norm import LayerNorm, layer_norm, layer_norm_backward

from .copied import copy_norm, scramble

CLOSE = {"rtol": 0, "atol": 1e-10}


@pytest.fixture
def ours():
    torch.manual_seed(0)
    layer = LayerNorm(6, torch.float64)
    scramble(layer)
    return layer


def test_it_is_torchs_with_its_gradients_by_autograd_and_by_hand(ours):
    theirs = nn.LayerNorm(6, dtype=torch.float64)
    copy_norm(ours, theirs)
    x = (3 + 2 * torch.randn(2, 4, 6, dtype=torch.float64)).requires_grad_()
    y, other = ours(x), theirs(x)
    torch.testing.assert_close(y, other, **CLOSE)
    dy = torch.randn_like(y)
    expected = torch.autograd.grad(other, (x, *theirs.parameters()), dy)
    torch.testing.assert_close(torch.autograd.grad(y, (x, *ours.parameters()), dy), expected, **CLOSE)
    with torch.no_grad():
        torch.testing.assert_close(layer_norm_backward(dy, x, ours.gain), expected, **CLOSE)


def test_gradients_agree_with_finite_differences():
    torch.manual_seed(1)
    x, gain, bias = (torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in ((3, 5), (5,), (5,)))
    assert torch.autograd.gradcheck(layer_norm, (x, gain, bias))


def test_a_vector_of_equal_numbers_becomes_the_bias(ours):
    torch.testing.assert_close(ours(torch.full((1, 6), 7.0, dtype=torch.float64))[0], ours.bias, **CLOSE)


def test_a_gain_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"gain: expected shape \(size=4\), got \(3,\)"):
        layer_norm.__wrapped__(torch.zeros(2, 4), torch.ones(3), torch.zeros(4))
