"""Starts that keep the length of a gradient: against torch's orthogonal start, and by what they do to it."""

import pytest
import torch
from torch import nn

from seqviz.models import RNN
from seqviz.models.recurrent.initialisation import orthogonal, start_identity, start_orthogonal

EXACTLY = {"rtol": 0, "atol": 1e-12}


def seeded(seed=3):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("scale", [1.0, 0.5, 2.0])
def test_all_singular_values_and_all_eigenvalues_are_the_scale(scale):
    W = orthogonal(7, scale, seeded(), torch.float64)
    expected = torch.full((7,), scale, dtype=torch.float64)
    torch.testing.assert_close(torch.linalg.svdvals(W), expected, **EXACTLY)
    torch.testing.assert_close(torch.linalg.eigvals(W).abs(), expected, **EXACTLY)


def test_it_is_torchs_for_the_same_numbers():
    torch.manual_seed(3)
    theirs = nn.init.orthogonal_(torch.empty(6, 6, dtype=torch.float64), gain=1.5)
    torch.testing.assert_close(orthogonal(6, 1.5, seeded(), torch.float64), theirs, **EXACTLY)


def test_every_rotation_is_as_likely_as_any_other():
    # of QR as it comes, the first column's first entry has always the same sign
    draws = seeded()
    first = torch.stack([orthogonal(3, generator=draws, dtype=torch.float64)[0, 0] for _ in range(2000)])
    assert abs(first.mean()) < 0.05
    # on a sphere in three dimensions a coordinate is spread evenly from -1 to 1
    assert abs(first.square().mean() - 1 / 3) < 0.03


def test_a_network_started_orthogonal_loses_only_what_tanh_takes():
    model = start_orthogonal(RNN(3, 5, 2, dtype=torch.float64), generator=seeded())
    torch.testing.assert_close(model.W_hh, orthogonal(5, 1.0, seeded(), torch.float64), **EXACTLY)
    assert not model.b_h.any()
    assert model.W_xh.any()


@pytest.mark.parametrize("scale", [1.0, 0.9])
def test_a_positive_state_of_an_identity_network_stays_and_so_does_its_gradient(scale):
    model = start_identity(RNN(2, 4, 1, "relu", dtype=torch.float64), scale)
    h_0 = torch.rand(3, 4, generator=seeded(), dtype=torch.float64).requires_grad_()
    _, states = model(torch.zeros(3, 6, 2, dtype=torch.float64), h_0)
    torch.testing.assert_close(states[:, -1], scale**6 * h_0, **EXACTLY)
    said = torch.randn(3, 4, generator=seeded(), dtype=torch.float64)
    (gradient,) = torch.autograd.grad((states[:, -1] * said).sum(), h_0)
    torch.testing.assert_close(gradient, scale**6 * said, **EXACTLY)
