"""The inside of a cell: against a slow loop, and against itself: what is recorded adds up."""

import numpy as np
import pytest
import torch

from seqviz.data import PROSE_ALPHABET
from seqviz.models import LSTM
from seqviz.traces import trace_lstm_cell
from tests.traces.gated.slow_lstm import HIDDEN, TEXT, sigmoid, slow_loop


@pytest.fixture
def full():
    torch.manual_seed(2)
    model = LSTM(len(PROSE_ALPHABET), HIDDEN, len(PROSE_ALPHABET), dtype=torch.float64)
    for parameter in model.parameters():
        parameter.data.mul_(2)
    return model


@pytest.mark.parametrize("unit", [0, 3])
def test_gates_cells_and_states_are_those_of_a_slow_loop(full, unit):
    trace = trace_lstm_cell(full, PROSE_ALPHABET, TEXT, unit)
    kept = slow_loop(full, TEXT, {})
    for place, gate in enumerate("ifgo"):
        np.testing.assert_allclose(trace.gates[:, place], kept[gate][:, unit], rtol=0, atol=1e-12)
    for recorded, expected in ((trace.cells, kept["c"]), (trace.states, kept["h"])):
        assert recorded[0] == 0
        np.testing.assert_allclose(recorded[1:], expected[:, unit], rtol=0, atol=1e-12)


def test_the_parts_of_a_sum_come_from_the_input_the_state_and_the_bias(full):
    unit = 3
    trace = trace_lstm_cell(full, PROSE_ALPHABET, TEXT, unit)
    states = slow_loop(full, TEXT, {})["h"]
    columns = [PROSE_ALPHABET.tokens.index(character) for character in TEXT]
    for place in range(4):
        row = place * HIDDEN + unit
        np.testing.assert_allclose(trace.sums[:, place, 0], full.W_x.detach()[row, columns], atol=1e-12)
        np.testing.assert_allclose(trace.sums[1:, place, 1], states[:-1] @ full.W_h.detach()[row].numpy(), atol=1e-12)
        np.testing.assert_allclose(trace.sums[:, place, 2], float(full.b.detach()[row]), atol=1e-12)
    totals = trace.sums.sum(-1)
    np.testing.assert_allclose(trace.gates[:, [0, 1, 3]], sigmoid(totals[:, [0, 1, 3]]), atol=1e-12)
    np.testing.assert_allclose(trace.gates[:, 2], np.tanh(totals[:, 2]), atol=1e-12)


def test_what_has_no_such_cell_is_refused(full):
    with pytest.raises(ValueError, match=r"unit: expected 0 … 4, got 5"):
        trace_lstm_cell(full, PROSE_ALPHABET, TEXT, HIDDEN)
    lacking = LSTM(len(PROSE_ALPHABET), HIDDEN, 2, "igo")
    with pytest.raises(ValueError, match="expected an LSTM with all gates, got one with 'igo'"):
        trace_lstm_cell(lacking, PROSE_ALPHABET, TEXT, 0)
