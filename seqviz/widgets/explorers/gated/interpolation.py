"""The update gate under the hand."""

from collections.abc import Sequence

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.gated.gru import GRU
from seqviz.plots.gated import interpolation as plots
from seqviz.traces.gated.interpolation import SHARES, trace_interpolation
from seqviz.traces.gated.records import InterpolationTrace
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View


def interpolation(
    model: GRU,
    vocabulary: Tokenizer,
    text: str,
    answers: Sequence[str],
    step: int = 0,
    unit: int = 0,
    share: float = 1.0,
) -> Explorer[InterpolationTrace]:
    """Set all update gates of one step by hand: the state moves between old and new, and the answer follows.

    where ``step`` and ``unit`` count from 0 and ``share`` is the gates' value at first.
    """
    tokens = tuple(text.split())
    last = len(SHARES) - 1

    def source(step: float, unit: float) -> InterpolationTrace:
        return trace_interpolation(model, vocabulary, tokens, answers, int(step), int(unit))

    return Explorer(
        "Between old and new",
        source,
        View(
            figure=plots.interpolation_figure,
            patch=plots.interpolation_patch,
            describe=plots.describe_interpolation,
            selections=lambda trace: len(trace.shares),
            structure=lambda trace: trace.tokens,
            pick="xaxis",
            drag={"xaxis2": "step", "xaxis3": "step"},
        ),
        [
            Range(
                "step", "Step t", minimum=0, maximum=len(tokens) - 1, step=1, value=step, offset=1, recorded=len(tokens)
            ),
            Range("unit", "Unit", minimum=0, maximum=model.W_h.shape[1] - 1, step=1, value=unit, offset=1, recorded=4),
        ],
        Range(
            "share",
            "Share z_t of the old state",
            minimum=0,
            maximum=last,
            step=1,
            value=round(share * last),
            browser=True,
            shown=[f"{one:.2f}" for one in SHARES],
        ),
    )
