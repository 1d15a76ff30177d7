"""Walks on the landscape of one unit, against a slow loop with autograd."""

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.traces import trace_descents, trace_surface

THRESHOLDS = np.array([0.05, 0.4, 30.0])
START, UPDATES, RATE, STEPS = (5.0, -2.38), 6, 0.2, 20


def loss_at(w, b):
    h = torch.tensor(0.5, dtype=torch.float64)
    for _ in range(STEPS):
        h = torch.sigmoid(w * h + b)
    return (h - 0.7) ** 2


def walked(clip):
    theta = nn.Parameter(torch.tensor(START, dtype=torch.float64))
    way = []
    for _ in range(UPDATES + 1):
        theta.grad = None
        loss = loss_at(*theta)
        loss.backward()
        assert theta.grad is not None
        way.append([*theta.tolist(), loss.item(), theta.grad.norm().item()])
        clip(theta)
        with torch.no_grad():
            theta -= RATE * theta.grad
    return np.array(way)


@pytest.fixture(scope="module")
def trace():
    return trace_descents(START, THRESHOLDS, UPDATES, RATE, STEPS)


def test_without_clipping_it_is_gradient_descent(trace):
    np.testing.assert_allclose(trace.plain, walked(lambda theta: None), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("number", range(len(THRESHOLDS)))
def test_both_ways_of_clipping_are_torchs(trace, number):
    threshold = float(THRESHOLDS[number])
    by_norm = walked(lambda theta: nn.utils.clip_grad_norm_([theta], threshold))
    by_value = walked(lambda theta: nn.utils.clip_grad_value_([theta], threshold))
    np.testing.assert_allclose(trace.by_norm[number], by_norm, rtol=1e-3, atol=1e-6)  # torch adds 1e-6 to the norm
    np.testing.assert_allclose(trace.by_value[number], by_value, rtol=1e-8, atol=1e-10)


def test_a_strict_threshold_bounds_every_step_and_a_lax_one_changes_nothing(trace):
    steps = np.linalg.norm(np.diff(trace.by_norm[0, :, :2], axis=0), axis=1)
    assert steps.max() <= RATE * THRESHOLDS[0] + 1e-12
    np.testing.assert_allclose(trace.by_norm[-1], trace.plain, rtol=1e-12)


def test_the_surface_is_the_loss_at_every_place_of_the_grid():
    w, b = np.linspace(4, 6, 3), np.linspace(-3, -2, 5)
    surface = trace_surface(w, b, STEPS)
    assert surface.losses.shape == (5, 3)
    for row, one_b in enumerate(b):
        for column, one_w in enumerate(w):
            expected = loss_at(torch.tensor(one_w), torch.tensor(one_b)).item()
            assert surface.losses[row, column] == pytest.approx(expected, rel=1e-12)
