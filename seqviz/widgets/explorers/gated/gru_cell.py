"""A walk through a unit of a GRU, with a gate to hold."""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor

from seqviz.models.gated.gru import GRU
from seqviz.plots.gated import gru_cell as plots
from seqviz.plots.gated import wiring
from seqviz.plots.gated.wiring import Diagram
from seqviz.traces.gated.gru_cell import HELD, trace_gru_cell
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.gated.lstm_cell import equations

FREE = "none"


def gru_cell(
    model: GRU,
    x: Float[Tensor, "time input"],
    tokens: Sequence[str],
    unit: int = 0,
    step: int = 0,
    part: int = 0,
    held: str = FREE,
) -> Explorer[Diagram]:
    """Point at a part of the equations, and hold a gate: what does the answer become?

    where ``tokens`` says what is read at each step of ``x``, and ``held`` is one of `HELD` or none.
    """

    def source(step: float, held: str, unit: float = unit) -> Diagram:
        trace = trace_gru_cell(model, x, tokens, int(unit), "" if held == FREE else held)
        return plots.gru_cell_diagram(trace, int(step))

    hidden = model.W_h.shape[1]
    units = [Range("unit", "Unit", 0, hidden - 1, 1, unit, offset=1, recorded=2)] if hidden > 1 else []
    return Explorer(
        "Inside a gated unit",
        source,
        View(
            figure=wiring.wiring_figure,
            patch=wiring.wiring_patch,
            describe=wiring.describe_wiring,
            selections=lambda diagram: len(diagram.parts),
            structure=lambda diagram: diagram,
            pick="xaxis",
            strip=lambda _diagram: equations(plots.PARTS),
        ),
        [
            Choice("held", "Hold a gate of all units", [FREE, *filter(None, HELD)], held),
            Range("step", "Step t", 0, len(tokens) - 1, 1, step, offset=1, recorded=len(tokens)),
            *units,
        ],
        Range("part", "Part of the equations", 0, len(plots.PARTS) - 1, 1, part, browser=True, offset=1),
    )
