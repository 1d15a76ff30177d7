"""A held gate is that of the trace."""

import numpy as np

from seqviz.data import PROSE_ALPHABET
from seqviz.plots import clamp
from seqviz.traces import trace_clamp
from seqviz.widgets import explore
from tests.widgets.asked import answer, assert_still
from tests.widgets.wire import size_in_bytes

TEXT = "the value is known"
FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}


def test_a_held_gate_is_that_of_the_trace(wire, model):
    explorer = explore.clamp(model, PROSE_ALPHABET, TEXT, ("a", "e", " "), unit=2, step=4)
    assert_still(explorer, clamp(trace_clamp(model, PROSE_ALPHABET, TEXT, "forget", 0.0, 2), ("a", "e", " "), 4).figure)
    update = answer(wire, explorer, gate="input", value="open (1)", whose="all cells'", unit=5)
    trace = trace_clamp(model, PROSE_ALPHABET, TEXT, "input", 1.0, 5, alone=False)
    np.testing.assert_allclose(update["content"]["patches"]["data.1.y"], trace.cells, **FLOAT32)
    assert_still(explorer, clamp(trace, ("a", "e", " "), 4).figure)
    assert size_in_bytes(explorer) < 60_000


def test_a_gate_may_be_held_open_from_the_start(model):
    explorer = explore.clamp(model, PROSE_ALPHABET, TEXT, ("a", "e"), unit=2, step=4, value="open (1)")
    assert_still(explorer, clamp(trace_clamp(model, PROSE_ALPHABET, TEXT, "forget", 1.0, 2), ("a", "e"), 4).figure)
