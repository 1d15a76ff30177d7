"""Every gradient against autograd."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import RNN, losses
from seqviz.traces import trace_gradient_ribbon

ALPHABET = Tokenizer.of_characters("helo")
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


def test_gradient_of_every_loss_on_every_earlier_state_equals_autograd(model):
    trace = trace_gradient_ribbon(model, ALPHABET, TEXT)
    states, step_losses = read_with_autograd(model, TEXT)
    np.testing.assert_allclose(trace.losses, step_losses.detach(), rtol=0, atol=1e-12)
    for t in range(len(states)):
        grads = torch.autograd.grad(step_losses[t], states[: t + 1], retain_graph=True)
        np.testing.assert_allclose(trace.gradients[t, : t + 1], torch.cat(grads).numpy(), rtol=1e-10, atol=1e-12)
        assert not trace.gradients[t, t + 1 :].any()
