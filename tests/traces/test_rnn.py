"""Traces against the model's own numbers and against autograd."""

import numpy as np
import pytest
import torch

from seqviz.data import Alphabet
from seqviz.models import RNN, losses
from seqviz.traces import trace_gradients, trace_run, trace_terms

ALPHABET = Alphabet("helo")
TEXT = "hellohole"
TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}


@pytest.fixture(params=["tanh", "relu"])
def model(request):
    torch.manual_seed(4)
    return RNN(4, 6, 4, request.param, dtype=torch.float64)


def read_with_autograd(model, text):
    """Every state a leaf of its own graph step, kept for autograd.grad."""
    x = ALPHABET.one_hot(ALPHABET.encode(text), torch.float64)[None, :-1]
    logits, states = [], []
    h = torch.zeros(1, 6, dtype=torch.float64, requires_grad=True)
    for x_t in x.unbind(1):
        h = model(x_t[:, None], h)[1][:, 0]
        states.append(h)
        logits.append(h @ model.W_hy.T + model.b_y)
    y = ALPHABET.encode(text)[None, 1:]
    return states, losses.step_cross_entropy(torch.stack(logits, 1), y)[0]


def test_run_holds_the_models_numbers(model):
    trace = trace_run(model, ALPHABET, TEXT)
    logits, states = model(ALPHABET.one_hot(ALPHABET.encode(TEXT), torch.float64)[None])
    np.testing.assert_allclose(trace.states, states[0].detach(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(trace.probabilities, logits[0].softmax(-1).detach(), rtol=0, atol=1e-12)
    activate = {"tanh": np.tanh, "relu": lambda a: np.maximum(a, 0)}[model.nonlinearity]
    np.testing.assert_allclose(activate(trace.pre_activations), trace.states, rtol=0, atol=1e-12)
    assert trace.tokens == tuple(TEXT)


def test_gradient_of_every_loss_on_every_earlier_state_equals_autograd(model):
    trace = trace_gradients(model, ALPHABET, TEXT)
    states, step_losses = read_with_autograd(model, TEXT)
    np.testing.assert_allclose(trace.losses, step_losses.detach(), rtol=0, atol=1e-12)
    for t in range(len(states)):
        grads = torch.autograd.grad(step_losses[t], states[: t + 1], retain_graph=True)
        np.testing.assert_allclose(trace.gradients[t, : t + 1], torch.cat(grads).numpy(), rtol=1e-10, atol=1e-12)
        assert not trace.gradients[t, t + 1 :].any()


def test_terms_add_up_to_the_gradient_and_each_is_a_derivative(model):
    trace = trace_terms(model, ALPHABET, TEXT)
    np.testing.assert_allclose(trace.reaching_back(len(TEXT)), trace.autograd, rtol=0, atol=1e-12)
    assert not trace.terms[:, 0].any(), "the first use of W_hh multiplies h_0 = 0"
    # one term by finite differences: W_hh is disturbed at its use at step k only, the loss read at step t only
    t, k, i, j = 5, 3, 2, 1
    difference = (
        loss_with_disturbed_use(model, t, k, i, j, 1e-6) - loss_with_disturbed_use(model, t, k, i, j, -1e-6)
    ) / 2e-6
    assert trace.terms[t, k, i, j] == pytest.approx(difference, abs=1e-8)


def loss_with_disturbed_use(model, t, k, i, j, amount):
    indices = ALPHABET.encode(TEXT)
    h = torch.zeros(6, dtype=torch.float64)
    activate = {"tanh": torch.tanh, "relu": torch.relu}[model.nonlinearity]
    with torch.no_grad():
        for step in range(t + 1):
            W_hh = model.W_hh.clone()
            if step == k:
                W_hh[i, j] += amount
            h = activate(model.W_xh[:, indices[step]] + W_hh @ h + model.b_h)
        return -(model.W_hy @ h + model.b_y).log_softmax(0)[indices[t + 1]].item()


def test_reaching_back_zero_steps_keeps_the_immediate_terms_only(model):
    trace = trace_terms(model, ALPHABET, TEXT)
    np.testing.assert_allclose(trace.reaching_back(0), sum(trace.terms[t, t] for t in range(8)), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "message"), [("hexo", "got 'x'"), ("", "at least two characters"), ("h", "one to predict, got 'h'")]
)
def test_impossible_texts_are_refused(model, text, message):
    with pytest.raises(ValueError, match=message):
        trace_gradients(model, ALPHABET, text)


def test_weights_that_are_not_numbers_never_become_a_picture(model):
    with torch.no_grad():
        model.W_hh[0, 1] = float("nan")
    with pytest.raises(ValueError, match="W_hh: expected finite numbers, got 1 NaN"):
        trace_run(model, ALPHABET, TEXT)


def test_an_alphabet_of_another_size_is_refused(model):
    with pytest.raises(ValueError, match="an alphabet of 4 characters, got 2"):
        trace_run(model, Alphabet("he"), "he")
