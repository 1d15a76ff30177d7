"""The ribbon is autograd's gradient, live and at rest."""

import itertools

import numpy as np
import pytest
import torch

from seqviz.models import losses
from seqviz.plots.recurrent.gradient_ribbon import DECADES
from seqviz.widgets import explore
from seqviz.widgets.explorers.recurrent.gradient_ribbon import spectral_radius
from tests.widgets.asked import ALPHABET, TEXT, answer

FLOAT32 = {"rtol": 1e-6, "atol": 1e-7}


# gradients through time


def gradient_norms(model, text, factor):
    """‖∂L_t/∂h_k‖ by autograd, one loss and one step at a time, with W_hh multiplied by a factor."""
    indices = ALPHABET.encode(text)
    h, states, logits = torch.zeros(7, dtype=torch.float64, requires_grad=True), [], []
    for index in indices[:-1]:
        h = torch.tanh(model.W_xh[:, index] + factor * model.W_hh @ h + model.b_h)
        states.append(h)
        logits.append(model.W_hy @ h + model.b_y)
    step_losses = losses.step_cross_entropy(torch.stack(logits)[None], indices[None, 1:])[0]
    norms = np.full((len(states), len(states)), np.nan)
    for t, k in itertools.product(range(len(states)), repeat=2):
        if k <= t:
            (gradient,) = torch.autograd.grad(step_losses[t], states[k], retain_graph=True)
            norms[t, k] = gradient.norm()
    return norms


@pytest.mark.parametrize(("text", "radius"), [(TEXT, 0.4), ("ohe l", 1.7)])
def test_the_ribbon_is_autograds_gradient_of_the_scaled_network(wire, model, text, radius):
    explorer = explore.gradient_ribbon(model, ALPHABET, TEXT)
    own = np.abs(np.linalg.eigvals(model.W_hh.detach().numpy())).max()
    before = model.W_hh.detach().clone()
    content = answer(wire, explorer, text=text, radius=radius)["content"]
    norms = gradient_norms(model, text, radius / own)
    np.testing.assert_allclose(content["patches"]["data.0.y"], norms, rtol=1e-5, atol=1e-12)
    low, high = DECADES
    levels = np.clip((np.log10(norms) - low) / (high - low), 0, 1)
    np.testing.assert_allclose(content["strip"]["levels"], levels, rtol=1e-5, atol=1e-5)
    assert content["selections"] == len(text) - 1
    torch.testing.assert_close(model.W_hh.detach(), before, rtol=0, atol=0)


def test_the_ribbons_axes_stay_while_only_the_radius_moves(wire, model):
    explorer = explore.gradient_ribbon(model, ALPHABET, TEXT)
    assert set(answer(wire, explorer, radius=2.0)) == {"content"}
    assert set(answer(wire, explorer, text="hell")) == {"content", "figure"}


def test_the_ribbon_opens_at_the_networks_own_radius(model):
    explorer = explore.gradient_ribbon(model, ALPHABET, TEXT)
    own = np.abs(np.linalg.eigvals(model.W_hh.detach().numpy())).max()
    assert explorer.values["radius"] == pytest.approx(own, abs=0.005)
    assert spectral_radius(model) == pytest.approx(own, rel=1e-12)


def test_a_matrix_without_a_radius_cannot_be_scaled(model):
    with torch.no_grad():
        model.W_hh.zero_()
    with pytest.raises(ValueError, match="W_hh: expected a spectral radius above 0, got 0"):
        explore.gradient_ribbon(model, ALPHABET, TEXT)
