"""Gates set by hand: against a loop over steps that sets them in its own way."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import GRU
from seqviz.traces import trace_interpolation

VOCABULARY = Tokenizer.of_words(["the", "cat", "cats", "ate"])
WORDS = ("the", "cats", "ate", "the", "cat")


@pytest.fixture(params=["simplified", "reset before", "reset after", "minimal"])
def model(request):
    torch.manual_seed(0)
    return GRU(4, 3, 2, request.param, dtype=torch.float64)


def slow(model, share, step):
    """Every step by the unit's own forward pass, from the state before; at one step solved for another share."""
    h, states, mixed = torch.zeros(1, 3, dtype=torch.float64), [], []
    for t, index in enumerate(VOCABULARY.encode(WORDS)):
        x_t = VOCABULARY.one_hot(index[None], torch.float64)[None]
        h_t = model(x_t, h)[1][:, 0]
        # z from the block of the gate, n from h_t = z h + (1 − z) n
        rows = slice(3, 6) if model.variant.startswith("reset") else slice(0, 3)
        gate = torch.sigmoid(x_t[:, 0] @ model.W_x[rows].T + model.b[rows] + h @ model.W_h[rows].T)
        z = 1 - gate if model.variant == "minimal" else gate
        n = (h_t - z * h) / (1 - z)
        if t == step:
            mixed = [float(value[0, 1]) for value in (h, n, z)]
            h_t = h_t if share is None else share * h + (1 - share) * n
        h = h_t
        states.append(h[0])
    states = torch.stack(states)
    return states[:, 1], (states @ model.W_hy.T + model.b_y).softmax(-1)[:, -1], mixed


@pytest.mark.parametrize("step", [0, 2, 4])
def test_one_step_is_mixed_by_hand_and_the_others_are_the_networks_own(model, step):
    trace = trace_interpolation(model, VOCABULARY, WORDS, ("was", "were"), step, 1)
    with torch.no_grad():
        states, probabilities, (before, candidate, update) = slow(model, None, step)
        np.testing.assert_allclose(trace.states, states, atol=1e-12)
        np.testing.assert_allclose(trace.probabilities, probabilities, atol=1e-12)
        assert (trace.before, trace.candidate, trace.update) == pytest.approx((before, candidate, update), abs=1e-12)
        for row, share in enumerate(trace.shares):
            states, probabilities, _ = slow(model, share, step)
            np.testing.assert_allclose(trace.set_states[row], states, atol=1e-12)
            np.testing.assert_allclose(trace.set_probabilities[row], probabilities, atol=1e-12)


def test_the_shares_go_from_all_new_to_all_old(model):
    trace = trace_interpolation(model, VOCABULARY, WORDS, ("was", "were"), 3, 2)
    assert (trace.shares[0], trace.shares[-1]) == (0, 1)
    assert trace.set_states[0, 3] == pytest.approx(trace.candidate, abs=1e-12)
    assert trace.set_states[-1, 3] == pytest.approx(trace.states[2], abs=1e-12)
    assert (trace.tokens, trace.answer) == (WORDS, "were")


def test_what_cannot_be_asked_is_said(model):
    def ask(words=WORDS, answers=("was", "were"), step=0, unit=0):
        return trace_interpolation(model, VOCABULARY, words, answers, step, unit)

    with pytest.raises(ValueError, match="step: expected 0 … 4, got 5"):
        ask(step=5)
    with pytest.raises(ValueError, match="unit: expected 0 … 2, got -1"):
        ask(unit=-1)
    with pytest.raises(ValueError, match="expected 2 answers, one for each output"):
        ask(answers=("was",))
    with pytest.raises(ValueError, match="'dog'"):
        ask(words=("the", "dog"))
    with torch.no_grad():
        model.W_h[0, 0] = torch.nan
    with pytest.raises(ValueError, match="W_h: expected finite numbers"):
        ask()
