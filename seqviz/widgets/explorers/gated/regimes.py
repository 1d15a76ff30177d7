"""A cell in the four corners of its gates."""

from seqviz.plots.gated import regimes as plots
from seqviz.traces.gated.records import RegimeTrace
from seqviz.traces.gated.regimes import trace_regimes
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, Reveal, View

PULSES = (0.9, 0.0, 0.0, 0.8, 0.0, 0.0, -0.7, 0.0, 0.0, 0.9, 0.0, 0.0)
START = 2.0

_REVEAL = Reveal(
    "step",
    trails={"cell.y": 1, "shown.y": 1},
    heads={"now.x": "cell.x", "now.y": "cell.y", "in.y": "poured.y", "level.y": "cell.y", "out.y": "shown.y"},
)


def regimes(forget: float = 1.0, write: float = 0.0) -> Explorer[RegimeTrace]:
    """Drag the point of the two gates from corner to corner, let it run (▶), and watch the vessel: what stays in it?"""
    return Explorer(
        "Regimes of a cell",
        lambda forget, write: trace_regimes(float(forget), float(write), PULSES, START),
        View(
            figure=plots.regimes_figure,
            patch=plots.regimes_patch,
            describe=plots.describe_regimes,
            selections=lambda _trace: len(plots.READINGS),
            structure=lambda trace: len(trace.candidates),
            drag={"xaxis": "forget", "yaxis": "write"},
            reveal=_REVEAL,
        ),
        [
            Range("forget", "Forget gate f_t", minimum=0, maximum=1, step=0.05, value=forget, recorded=5),
            Range("write", "Input gate i_t", minimum=0, maximum=1, step=0.05, value=write, recorded=5),
            Range("step", "Steps run", 0, len(PULSES), 1, len(PULSES), browser=True, play="Let it run"),
        ],
        Range(
            "reading",
            "Output gate o_t",
            minimum=0,
            maximum=len(plots.READINGS) - 1,
            step=1,
            value=10,
            browser=True,
            shown=[f"{reading:.1f}" for reading in plots.READINGS],
        ),
    )
