"""The terms against autograd and against finite differences."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import RNN
from seqviz.traces import trace_terms

ALPHABET = Tokenizer.of_characters("helo")
TEXT = "hellohole"
TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}


@pytest.fixture(params=["tanh", "relu"])
def model(request):
    torch.manual_seed(4)
    return RNN(4, 6, 4, request.param, dtype=torch.float64)


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
