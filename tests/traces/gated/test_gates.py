"""What the recorder says of an LSTM, against a slow loop."""

import numpy as np
import pytest
import torch

from seqviz.data import AGREEMENT_VOCABULARY, PROSE_ALPHABET
from seqviz.models import LSTM
from seqviz.traces import trace_cell_jacobians, trace_clamp, trace_gates
from tests.traces.gated.slow_lstm import HIDDEN, TEXT, slow_loop, softmax


def test_gates_and_cells_are_those_of_a_slow_loop(model):
    trace, slow = trace_gates(model, PROSE_ALPHABET, TEXT), slow_loop(model, TEXT, {})
    parts = {"i": trace.input, "f": trace.forget, "g": trace.candidate, "o": trace.output}
    for name, recorded in (parts | {"c": trace.cells, "h": trace.states}).items():
        np.testing.assert_allclose(recorded, slow[name], atol=1e-12, err_msg=name)
    np.testing.assert_allclose(trace.probabilities, softmax(model, slow["h"]), atol=1e-12)
    assert trace.tokens == tuple(TEXT)
    assert trace.outputs == PROSE_ALPHABET.tokens


def test_what_cannot_be_recorded_is_said():
    model = LSTM(len(PROSE_ALPHABET), HIDDEN, len(PROSE_ALPHABET), "igo")
    with pytest.raises(ValueError, match="expected a tokenizer of 30 words"):
        trace_gates(model, AGREEMENT_VOCABULARY, ["the"])
    with pytest.raises(ValueError, match="empty text"):
        trace_gates(model, PROSE_ALPHABET, "")
    with pytest.raises(ValueError, match="gate: expected one of 'input', 'output', got 'forget'"):
        trace_clamp(model, PROSE_ALPHABET, TEXT, "forget", 0.0, 0)
    with pytest.raises(ValueError, match="unit: expected 0 … 4, got 5"):
        trace_clamp(model, PROSE_ALPHABET, TEXT, "input", 0.0, HIDDEN)
    with torch.no_grad():
        model.W_h[0, 0] = torch.nan
    with pytest.raises(ValueError, match="W_h"):
        trace_cell_jacobians(model, torch.zeros(3, 30))
