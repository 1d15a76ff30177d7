"""A held gate, against a slow loop that holds it."""

import numpy as np
import pytest
import torch

from seqviz.data import PROSE_ALPHABET
from seqviz.models import LSTM
from seqviz.traces import trace_clamp
from tests.traces.gated.slow_lstm import HIDDEN, TEXT, slow_loop, softmax


@pytest.mark.parametrize(("gate", "value"), [("forget", 0.0), ("input", 1.0), ("output", 0.25)])
@pytest.mark.parametrize("alone", [True, False])
def test_a_clamped_gate_changes_what_comes_after_it(gate, value, alone):
    torch.manual_seed(2)
    model = LSTM(len(PROSE_ALPHABET), HIDDEN, len(PROSE_ALPHABET), dtype=torch.float64)
    for parameter in model.parameters():
        parameter.data.mul_(3)
    trace = trace_clamp(model, PROSE_ALPHABET, TEXT, gate, value, 3, alone)
    free = slow_loop(model, TEXT, {})
    np.testing.assert_allclose(trace.free_cells, free["c"][:, 3], atol=1e-12)
    np.testing.assert_allclose(trace.free_gate, free[gate[0]][:, 3], atol=1e-12)
    np.testing.assert_allclose(trace.free_probabilities, softmax(model, free["h"][-1]), atol=1e-12)
    for step in range(len(TEXT)):
        units = [3] if alone else range(HIDDEN)
        slow = slow_loop(model, TEXT, {(step, unit): (gate[0], value) for unit in units})
        np.testing.assert_allclose(trace.cells[step], slow["c"][:, 3], atol=1e-12)
        np.testing.assert_allclose(trace.probabilities[step], softmax(model, slow["h"][-1]), atol=1e-12)
        np.testing.assert_allclose(trace.cells[step, :step], trace.free_cells[:step], atol=1e-12)
