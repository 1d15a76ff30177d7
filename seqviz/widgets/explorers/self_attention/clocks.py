"""A position under the hand: one clock for each frequency."""

from typing import get_args

from seqviz.models.self_attention.positions import Layout
from seqviz.plots.self_attention import clocks as plots
from seqviz.traces.self_attention.clocks import POSITIONS, trace_clocks
from seqviz.traces.self_attention.records import ClocksTrace
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View

BASES = {"100": 100.0, "10,000 (the paper's)": 10_000.0}
FURTHEST = 16


def clocks(position: int = 9, steps: int = 5, size: int = 12) -> Explorer[ClocksTrace]:
    """Pull a position along: hands turn at their own speeds, and between two positions nothing changes.

    where steps is how much later the second position is. Raises as `trace_clocks`.
    """

    def source(layout: Layout, base: str, steps: float) -> ClocksTrace:
        return trace_clocks(layout, BASES[base], round(steps), size)

    return Explorer(
        "A position is a row of clocks",
        source,
        View(
            figure=plots.clocks_figure,
            patch=plots.clocks_patch,
            describe=plots.describe_clocks,
            selections=lambda trace: trace.movable,
            structure=lambda trace: (trace.layout, trace.base),
            pick="xaxis2",
            drag={"xaxis2": "position", "xaxis3": "position"},
        ),
        [
            Range("steps", "And a position later by s", 0, FURTHEST, 1, steps, recorded=3),
            Choice("layout", "Columns in", list(get_args(Layout)), "pairs"),
            Choice("base", "Base", list(BASES), "100"),
        ],
        Range("position", "Position t", 0, POSITIONS - 1, 1, position, browser=True, play="Walk"),
    )
