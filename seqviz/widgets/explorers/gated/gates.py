"""The gates of an LSTM, read under a sequence."""

from collections.abc import Sequence

import numpy as np

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.gated.lstm import LSTM
from seqviz.plots.gated import gates as plots
from seqviz.plots.gated.gates import QUANTITIES, Brush
from seqviz.traces.gated.gates import trace_gates
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Strip


def gates(
    model: LSTM,
    tokenizer: Tokenizer,
    tokens: Sequence[str],
    quantity: str = "erases: 1 − f_t",
    threshold: float = 0.5,
    step: int = 0,
) -> Explorer[Brush]:
    """Lay a span on a sequence and drag the threshold up or down: which cells pass, and where else do they?"""

    def source(quantity: str, threshold: float, width: float) -> Brush:
        return Brush(
            trace=trace_gates(model, tokenizer, tokens), quantity=quantity, threshold=threshold, width=int(width)
        )

    return Explorer(
        "Gates under a sequence",
        source,
        View(
            figure=plots.gates_figure,
            patch=plots.gates_patch,
            describe=plots.describe_gates,
            selections=lambda brush: len(brush.trace.tokens),
            structure=lambda brush: (brush.quantity, brush.values.tobytes()),  # the model may have been trained
            pick="xaxis",
            drag={"yaxis": "threshold"},
            strip=lambda brush: Strip(
                "What it reads, lighter where more of the lit cells reach the threshold",
                brush.trace.tokens,
                _levels(brush),
            ),
        ),
        [
            Choice("quantity", "Every cell", list(QUANTITIES), quantity),
            Range(
                "threshold",
                "Threshold (drag it in the upper picture)",
                minimum=0.1,
                maximum=0.9,
                step=0.05,
                value=threshold,
                recorded=3,
            ),
            Range("width", "Steps in a row", minimum=1, maximum=4, step=1, value=1, recorded=2),
        ],
        Range("step", "Span from step", minimum=0, maximum=len(tokens) - 1, step=1, value=step, browser=True, offset=1),
    )


def _levels(brush: Brush) -> np.ndarray:
    return np.stack([plots.levels(brush, start) for start in range(len(brush.trace.tokens))])
