"""A point pushed over a cliff, with and without clipping."""

import numpy as np

from seqviz.plots.recurrent import cliff as plots
from seqviz.traces.recurrent.cliff import trace_descents, trace_surface
from seqviz.traces.recurrent.records import CliffTrace
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, Reveal, View

THRESHOLDS = np.geomspace(0.03, 30, 13)
START = (5.0, -2.3)
W, B = (4.0, 6.0), (-3.2, -1.7)

UPDATES = 25
_REVEAL = Reveal(
    "update",
    trails={f"{curve}-{way}.y": 1 for curve in ("way", "loss") for way in range(3)},
    heads={
        f"{mark}-{way}.{axis}": f"{curve}-{way}.{axis}"
        for mark, curve in (("ball", "way"), ("at", "loss"))
        for way in range(3)
        for axis in "xy"
    },
)


def cliff() -> Explorer[CliffTrace]:
    """Drag the starting point over the map, let three balls go (▶), and see where the ways down part and end."""
    surface = trace_surface(np.linspace(*W, 81), np.linspace(*B, 61))
    return Explorer(
        "Clipping on a cliff",
        lambda w, b: trace_descents((float(w), float(b)), THRESHOLDS, UPDATES),
        View(
            figure=lambda trace: plots.cliff_figure(surface, trace),
            patch=plots.cliff_patch,
            describe=plots.describe_cliff,
            selections=lambda trace: len(trace.thresholds),
            structure=lambda trace: len(trace.plain),
            drag={"xaxis": "w", "yaxis": "b"},
            reveal=_REVEAL,
        ),
        [
            Range("w", "Start: w", minimum=W[0], maximum=W[1], step=0.05, value=START[0], recorded=8),
            Range("b", "Start: b", minimum=B[0], maximum=B[1], step=0.05, value=START[1], recorded=6),
            Range("update", "Update", 0, UPDATES, 1, UPDATES, browser=True, play="Let the balls go"),
        ],
        Range(
            "threshold",
            "Threshold",
            minimum=0,
            maximum=len(THRESHOLDS) - 1,
            step=1,
            value=4,
            browser=True,
            shown=[f"{threshold:.2g}" for threshold in THRESHOLDS],
        ),
    )
