"""A walk through a cell of an LSTM."""

from collections.abc import Sequence

import numpy as np

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.gated.lstm import LSTM
from seqviz.plots.gated import lstm_cell as plots
from seqviz.plots.gated import wiring
from seqviz.plots.gated.wiring import Diagram
from seqviz.traces.gated.lstm_cell import trace_lstm_cell
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Strip


def equations(parts: Sequence[str]) -> Strip:
    """A row of equations to point at; none is coloured."""
    return Strip("The equations: point at a part", tuple(parts), np.full((len(parts), len(parts)), np.nan))


def lstm_cell(
    model: LSTM, tokenizer: Tokenizer, tokens: Sequence[str], unit: int = 0, step: int = 0, part: int = 0
) -> Explorer[Diagram]:
    """Point at a part of the equations: its wires light up, with the numbers that flow through them."""

    def source(step: float, unit: float) -> Diagram:
        return plots.lstm_cell_diagram(trace_lstm_cell(model, tokenizer, tokens, int(unit)), int(step))

    return Explorer(
        "Inside a cell",
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
            Range("step", "Step t", 0, len(tokens) - 1, 1, step, offset=1, recorded=len(tokens)),
            Range("unit", "Cell", 0, model.W_h.shape[1] - 1, 1, unit, offset=1, recorded=2),
        ],
        Range("part", "Part of the equations", 0, len(plots.PARTS) - 1, 1, part, browser=True, offset=1),
    )
