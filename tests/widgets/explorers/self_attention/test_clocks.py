"""The hand moves a position without the kernel; steps, layout and base are the kernel's."""

import numpy as np

from seqviz.plots.self_attention.clocks import describe_clocks
from seqviz.traces import trace_clocks
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened


def test_every_position_has_its_answer(wire):
    explorer = explore.clocks(position=4, steps=2, size=6)
    state = opened(wire, explorer)
    assert state["values"]["position"] == 4
    trace = trace_clocks("pairs", 100.0, 2, 6)
    assert state["content"]["sentences"] == [describe_clocks(trace, t) for t in range(62)]
    content = answer(wire, explorer, steps=16, layout="halves", base="10,000 (the paper's)")["content"]
    trace = trace_clocks("halves", 10_000.0, 16, 6)
    assert content["sentences"] == [describe_clocks(trace, t) for t in range(48)]
    curve = next(values for path, values in content["patches"].items() if np.shape(values) == (48, 64))
    np.testing.assert_allclose(curve, trace.products[:48], atol=1e-5)
