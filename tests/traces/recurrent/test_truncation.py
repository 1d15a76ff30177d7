"""What chunks leave of a gradient, against autograd through a network that is really cut."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import RNN
from seqviz.models.losses import step_cross_entropy
from seqviz.traces import trace_truncation

ALPHABET = Tokenizer.of_characters("helo ")
TEXT = "hello hole"
STEPS = len(TEXT) - 1


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(6)
    return RNN(5, 7, 5, dtype=torch.float64)


@pytest.fixture(scope="module")
def trace(model):
    return trace_truncation(model, ALPHABET, TEXT)


def gradient_in_chunks(model, chunk):
    indices = ALPHABET.encode(TEXT)
    x, y = ALPHABET.one_hot(indices[:-1], torch.float64), indices[1:]
    W_hh = model.W_hh.detach().clone().requires_grad_()
    h, total = torch.zeros(7, dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    for t, x_t in enumerate(x):
        if t % chunk == 0:
            h = h.detach()
        h = torch.tanh(model.W_xh @ x_t + W_hh @ h + model.b_h)
        total = total + step_cross_entropy((model.W_hy @ h + model.b_y)[None, None], y[None, t : t + 1]).sum()
    (gradient,) = torch.autograd.grad(total, W_hh)
    return gradient.numpy()


@pytest.mark.parametrize("chunk", range(1, STEPS + 1))
def test_share_and_angle_are_those_of_the_gradient_that_was_cut(model, trace, chunk):
    whole, cut = gradient_in_chunks(model, STEPS), gradient_in_chunks(model, chunk)
    missing = np.linalg.norm(cut - whole) / np.linalg.norm(whole)
    cosine = (cut * whole).sum() / np.linalg.norm(cut) / np.linalg.norm(whole)
    assert trace.missing[chunk - 1] == pytest.approx(missing, abs=1e-5)
    assert trace.angles[chunk - 1] == pytest.approx(np.degrees(np.arccos(min(cosine, 1.0))), abs=0.05)


def test_one_chunk_misses_nothing_and_chunks_of_one_most(trace):
    assert trace.missing[-1] < 1e-6
    assert trace.missing[0] == trace.missing.max() > 0.2
    assert trace.tokens == tuple(TEXT[:-1])
    assert trace.norms.shape == (STEPS, STEPS)
