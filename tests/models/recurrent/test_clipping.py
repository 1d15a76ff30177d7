"""Clipping against torch's own, and against what it promises: a length, a direction."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from seqviz.models.recurrent.clipping import clip_by_norm, clip_by_value, global_norm

SHAPES = [(3, 2), (4,), (2, 5, 1), ()]


def gradients(seed=0, scale=3.0):
    draws = torch.Generator().manual_seed(seed)
    sizes = [scale, 0.1 * scale, 2 * scale, scale]
    return [
        size * torch.randn(shape, generator=draws, dtype=torch.float64)
        for size, shape in zip(sizes, SHAPES, strict=True)
    ]


def by_torch(clip, given_gradients, limit):
    parameters = [nn.Parameter(torch.zeros_like(gradient)) for gradient in given_gradients]
    for parameter, gradient in zip(parameters, given_gradients, strict=True):
        parameter.grad = gradient.clone()
    said = clip(parameters, limit)
    return [parameter.grad for parameter in parameters], said


def long(tensors):
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000), st.floats(0.01, 100))
def test_both_ways_clip_as_torch_does(seed, limit):
    given_gradients = gradients(seed)
    clipped, norm = clip_by_norm(given_gradients, limit)
    expected, expected_norm = by_torch(nn.utils.clip_grad_norm_, given_gradients, limit)
    torch.testing.assert_close(norm, expected_norm, rtol=1e-12, atol=0)
    torch.testing.assert_close(clipped, expected, rtol=1e-5, atol=0)  # torch adds 1e-6 to the norm
    expected, _ = by_torch(nn.utils.clip_grad_value_, given_gradients, limit)
    torch.testing.assert_close(clip_by_value(given_gradients, limit), expected, rtol=0, atol=0)


def test_the_norm_is_that_of_one_long_vector():
    torch.testing.assert_close(global_norm(gradients()), long(gradients()).norm(), rtol=1e-14, atol=0)
    assert global_norm([torch.tensor([3.0]), torch.tensor([[4.0]])]) == 5


def test_by_norm_keeps_the_direction_and_shortens_to_the_threshold():
    before, (after, _) = long(gradients()), clip_by_norm(gradients(), 0.7)
    after = long(after)
    assert math.isclose(after.norm().item(), 0.7, rel_tol=1e-12)
    torch.testing.assert_close(after / after.norm(), before / before.norm(), rtol=1e-12, atol=0)


def test_by_value_turns_and_each_tensor_by_itself_does_too():
    before, by_value = long(gradients()), long(clip_by_value(gradients(), 0.7))
    one_by_one = long([clip_by_norm([gradient], 0.7)[0][0] for gradient in gradients()])
    for after in (by_value, one_by_one):
        assert torch.dot(before, after) / (before.norm() * after.norm()) < 0.99


@pytest.mark.parametrize("scale", [0.0, 1e-3])
def test_what_is_short_enough_stays_as_it_is(scale):
    clipped, norm = clip_by_norm(gradients(scale=scale), 1.0)
    torch.testing.assert_close(clipped, gradients(scale=scale), rtol=0, atol=0)
    assert norm < 1


def test_the_gradients_that_were_given_stay_as_they_are():
    given_gradients = gradients()
    clip_by_norm(given_gradients, 0.5)
    clip_by_value(given_gradients, 0.5)
    torch.testing.assert_close(given_gradients, gradients(), rtol=0, atol=0)


@pytest.mark.parametrize("threshold", [0.0, -1.0, math.nan, math.inf])
def test_a_threshold_that_is_none_is_refused(threshold):
    with pytest.raises(ValueError, match=r"threshold: expected a finite number above 0, got"):
        clip_by_norm(gradients(), threshold)
    with pytest.raises(ValueError, match=r"limit: expected a finite number above 0, got"):
        clip_by_value(gradients(), threshold)


def test_no_gradient_at_all_has_no_norm():
    with pytest.raises(ValueError, match="at least one tensor"):
        global_norm([])
