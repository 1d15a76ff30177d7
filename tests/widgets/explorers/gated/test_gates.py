"""The lit cells are those of the trace."""

import numpy as np

from seqviz.data import PROSE_ALPHABET
from seqviz.plots import Brush, gates
from seqviz.plots.gated.gates import levels
from seqviz.traces import trace_gates
from seqviz.widgets import explore
from tests.widgets.asked import answer, assert_still, opened

TEXT = "the value is known"
FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}


def test_the_threshold_and_the_span_decide_which_cells_are_lit(wire, model):
    explorer = explore.gates(model, PROSE_ALPHABET, TEXT, threshold=0.5, step=3)
    trace = trace_gates(model, PROSE_ALPHABET, TEXT)
    assert_still(explorer, gates(Brush(trace, "erases: 1 − f_t", 0.5, 1), 3).figure)
    assert opened(wire, explorer)["content"]["drag"] == {"yaxis": "threshold"}
    update = answer(wire, explorer, threshold=0.3, width=2, quantity="writes: input gate i_t")
    brush = Brush(trace, "writes: input gate i_t", 0.3, 2)
    np.testing.assert_allclose(
        update["content"]["strip"]["levels"], [levels(brush, t) for t in range(len(TEXT))], **FLOAT32
    )
    assert_still(explorer, gates(brush, 3).figure)
