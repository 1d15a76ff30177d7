"""The gates of an LSTM: read under a sequence, held by hand, and in their four corners."""

from collections.abc import Sequence

import numpy as np

from seqviz.models import LSTM
from seqviz.plots import gates as gates_plots
from seqviz.plots import regimes as regimes_plots
from seqviz.plots.gates import QUANTITIES, Brush
from seqviz.traces.gates import GATES, Encoder, Gate, trace_clamp, trace_gates, trace_regime
from seqviz.traces.records import ClampTrace, RegimeTrace
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import strip_of


def gates(
    model: LSTM,
    encoder: Encoder,
    tokens: Sequence[str],
    quantity: str = "erases: 1 − f_t",
    threshold: float = 0.5,
    step: int = 0,
) -> Explorer[Brush]:
    """Brush a span under a sequence and drag the threshold on the axis: which cells pass, and where else do they?"""

    def source(quantity: str, threshold: float, width: float) -> Brush:
        return Brush(trace_gates(model, encoder, tokens), quantity, threshold, int(width))

    return Explorer(
        "Gates under a sequence",
        source,
        View(
            figure=gates_plots.gates_figure,
            patch=gates_plots.gates_patch,
            describe=gates_plots.describe_gates,
            selections=lambda brush: len(brush.trace.tokens),
            structure=lambda brush: (brush.quantity, brush.values.tobytes()),  # the model may have learnt meanwhile
            extra=lambda brush: (
                strip_of(
                    "What it reads, lighter where more of the lit cells reach the threshold",
                    brush.trace.tokens,
                    _levels(brush),
                )
                | {"pick": "xaxis", "drag": {"yaxis": "threshold"}}
            ),
        ),
        [
            Choice("quantity", "Every cell", list(QUANTITIES), quantity),
            Range("threshold", "Threshold (drag it in the picture)", 0.1, 0.9, 0.05, threshold, recorded=3),
            Range("width", "Steps in a row", 1, 4, 1, 1, recorded=2),
        ],
        Range("step", "Span from step", 0, len(tokens) - 1, 1, step, browser=True, offset=1),
    )


def _levels(brush: Brush) -> np.ndarray:
    return np.stack([gates_plots.levels(brush, start) for start in range(len(brush.trace.tokens))])


OPEN, CLOSED = "open (1)", "closed (0)"
ALONE, TOGETHER = "this cell's", "all cells'"


def clamp(
    model: LSTM,
    encoder: Encoder,
    tokens: Sequence[str],
    answers: Sequence[str],
    unit: int = 0,
    step: int = 0,
    whose: str = ALONE,
    value: str = CLOSED,
) -> Explorer[ClampTrace]:
    """Hold a gate at one step and watch the cell leave its ghost, and what the network then answers.

    where answers are the outputs whose probabilities after the last token are shown, and whose and value are what the
    controls of these names say at first. Raises as `trace_clamp`, and ValueError for what a control does not offer.
    """
    shown = tuple(answers)

    def source(gate: str, value: str, whose: str, unit: float) -> ClampTrace:
        held = {CLOSED: 0.0, OPEN: 1.0}[value]
        return trace_clamp(model, encoder, tokens, _gate(gate), held, int(unit), whose == ALONE)

    hidden = model.W_h.shape[1]
    return Explorer(
        "A gate held at one step",
        source,
        View(
            figure=lambda trace: gates_plots.clamp_figure(trace, shown),
            patch=lambda trace, step: gates_plots.clamp_patch(trace, shown, step),
            describe=lambda trace, step: gates_plots.describe_clamp(trace, shown, step),
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.gate, trace.unit, gates_plots.clamp_bound(trace)),
            extra=lambda _trace: {"pick": "xaxis"},
        ),
        [
            Choice("gate", "Gate", list(GATES), "forget"),
            Choice("value", "Held", [CLOSED, OPEN], value),
            Choice("whose", "Whose", [ALONE, TOGETHER], whose),
            Range("unit", "Cell", 0, hidden - 1, 1, unit, recorded=2),
        ],
        Range("step", "At step", 0, len(tokens) - 1, 1, step, browser=True, offset=1),
    )


def _gate(name: str) -> Gate:
    return next(gate for gate in GATES if gate == name)


PULSES = (0.9, 0.0, 0.0, 0.8, 0.0, 0.0, -0.7, 0.0, 0.0, 0.9, 0.0, 0.0)
START = 2.0


def regimes(forget: float = 1.0, write: float = 0.0) -> Explorer[RegimeTrace]:
    """Drag the point of the two gates from corner to corner: keep, overwrite, erase, accumulate."""
    return Explorer(
        "Regimes of a cell",
        lambda forget, write: trace_regime(float(forget), float(write), PULSES, START),
        View(
            figure=regimes_plots.regime_figure,
            patch=regimes_plots.regime_patch,
            describe=regimes_plots.describe_regime,
            selections=lambda _trace: len(regimes_plots.READINGS),
            structure=lambda trace: len(trace.candidates),
            extra=lambda _trace: {"drag": {"xaxis": "forget", "yaxis": "write"}},
        ),
        [
            Range("forget", "Forget gate f_t", 0, 1, 0.05, forget, recorded=6),
            Range("write", "Input gate i_t", 0, 1, 0.05, write, recorded=6),
        ],
        Range("reading", "Output gate o_t, in tenths", 0, len(regimes_plots.READINGS) - 1, 1, 10, browser=True),
    )
