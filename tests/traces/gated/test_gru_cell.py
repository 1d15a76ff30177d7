"""The inside of a gated unit: against the step of the model, and against equations written out for a held gate."""

import numpy as np
import pytest
import torch

from seqviz.models import GRU
from seqviz.models.gated.gru import gru_step
from seqviz.traces import trace_gru_cell

TOKENS = tuple("abcd")
CLOSE = {"rtol": 0, "atol": 1e-12}


def made(variant):
    torch.manual_seed(4)
    model = GRU(2, 3, 2, variant, dtype=torch.float64)
    for parameter in model.parameters():
        parameter.data.mul_(2)
    return model, torch.randn(4, 2, dtype=torch.float64)


both_forms = pytest.mark.parametrize("variant", ["reset before", "reset after"])


@both_forms
def test_a_free_run_is_the_models_own(variant):
    model, x = made(variant)
    trace = trace_gru_cell(model, x, TOKENS, 1)
    h = torch.zeros(1, 3, dtype=torch.float64)
    for t in range(4):
        h = gru_step(x[t : t + 1], h, model.W_x, model.W_h, model.b, model.b_hn, variant).detach()
        assert trace.after[t] == pytest.approx(float(h[0, 1]), abs=1e-12)
        np.testing.assert_allclose(trace.answers[t], (h @ model.W_hy.T + model.b_y).detach()[0], **CLOSE)
    assert trace.states[0] == 0
    np.testing.assert_allclose(trace.states[1:], trace.after, **CLOSE)
    np.testing.assert_allclose(trace.answers, trace.free_answers, **CLOSE)


@both_forms
def test_what_is_recorded_adds_up(variant):
    model, x = made(variant)
    trace = trace_gru_cell(model, x, TOKENS, 2)
    total = trace.sums.sum(-1)
    np.testing.assert_allclose(trace.gates[:, :2], 1 / (1 + np.exp(-total[:, :2])), **CLOSE)
    np.testing.assert_allclose(trace.gates[:, 2], np.tanh(total[:, 2]), **CLOSE)
    _, z, n = trace.gates.T
    np.testing.assert_allclose(trace.after, z * trace.states[:-1] + (1 - z) * n, **CLOSE)
    if variant == "reset after":
        assert trace.reset_after
        np.testing.assert_allclose(trace.sums[:, 2, 1], trace.gates[:, 0] * trace.unreset, **CLOSE)
    else:
        resets = np.stack([trace_gru_cell(model, x, TOKENS, unit).gates[:, 0] for unit in range(3)], 1)
        states = np.stack([trace_gru_cell(model, x, TOKENS, unit).states[:-1] for unit in range(3)], 1)
        expected = (resets * states) @ model.W_h.detach()[8].numpy()  # the row of unit 2 in the candidate's block
        np.testing.assert_allclose(trace.sums[:, 2, 1], expected, **CLOSE)


@both_forms
@pytest.mark.parametrize(("held", "r", "z"), [("r_t = 0", 0, None), ("r_t = 1", 1, None), ("z_t = 0", None, 0)])
def test_a_held_gate_changes_its_step_alone(variant, held, r, z):
    model, x = made(variant)
    free, trace = trace_gru_cell(model, x, TOKENS, 0), trace_gru_cell(model, x, TOKENS, 0, held)
    np.testing.assert_allclose(trace.states, free.states, **CLOSE)
    np.testing.assert_allclose(trace.free_answers, free.answers, **CLOSE)
    expected_r = free.gates[:, 0] if r is None else np.full(4, float(r))
    expected_z = free.gates[:, 1] if z is None else np.full(4, float(z))
    np.testing.assert_allclose(trace.gates[:, 0], expected_r, **CLOSE)
    np.testing.assert_allclose(trace.gates[:, 1], expected_z, **CLOSE)
    from_state = {0: np.zeros(4), 1: free.unreset}.get(r, free.sums[:, 2, 1])
    n = np.tanh(free.sums[:, 2, 0] + from_state + free.sums[:, 2, 2])
    np.testing.assert_allclose(trace.after, expected_z * free.states[:-1] + (1 - expected_z) * n, **CLOSE)


def test_all_units_are_held_and_the_answer_follows():
    model, x = made("reset after")
    trace = trace_gru_cell(model, x, TOKENS, 0, "z_t = 1")
    np.testing.assert_allclose(trace.after, trace.states[:-1], **CLOSE)
    np.testing.assert_allclose(trace.answers[1:], trace.free_answers[:-1], **CLOSE)


def test_what_there_is_not_is_refused():
    model, x = made("reset after")
    with pytest.raises(ValueError, match=r"unit: expected 0 … 2, got 3"):
        trace_gru_cell(model, x, TOKENS, 3)
    with pytest.raises(ValueError, match=r"held: expected one of .*'r_t = 0'.*, got 'n_t = 0'"):
        trace_gru_cell(model, x, TOKENS, 0, "n_t = 0")
    with pytest.raises(ValueError, match=r"variant: expected one of 'reset before', 'reset after', got 'minimal'"):
        trace_gru_cell(GRU(2, 3, 2, "minimal"), x.float(), TOKENS, 0)
