"""The point of the gates moves the cell."""

import numpy as np

from seqviz.plots import regimes
from seqviz.traces import trace_regimes
from seqviz.widgets import explore
from seqviz.widgets.explorers.gated.regimes import PULSES, START
from tests.widgets.asked import answer, assert_still

FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}


def test_the_point_of_the_gates_moves_the_cell(wire):
    explorer = explore.regimes()
    assert_still(explorer, regimes(trace_regimes(1.0, 0.0, PULSES, START), 10).figure)
    update = answer(wire, explorer, forget=0.5, write=0.25)
    moved = trace_regimes(0.5, 0.25, PULSES, START)
    np.testing.assert_allclose(update["content"]["patches"]["data.3.y"][0], [START, *moved.cells], **FLOAT32)
    assert "figure" not in update
    assert_still(explorer, regimes(moved, 10).figure)
