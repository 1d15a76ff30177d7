"""What networks remember: the update gate under the hand, gradients through time side by side, accuracy against lag."""

from collections.abc import Callable, Mapping, Sequence

from seqviz.data.vocabulary import Vocabulary
from seqviz.models import GRU
from seqviz.plots import interpolation as interpolation_plots
from seqviz.plots import lags as lags_plots
from seqviz.plots import reach as reach_plots
from seqviz.traces.interpolation import SHARES, trace_interpolation
from seqviz.traces.reach import Network, trace_reach
from seqviz.traces.records import InterpolationTrace, LagTrace, ReachTrace
from seqviz.widgets.controls import Choice, Range, TextBox
from seqviz.widgets.explorer import Explorer, View

LONGEST_LINE = 140  # characters of a typed line


def interpolation(
    model: GRU,
    vocabulary: Vocabulary,
    text: str,
    answers: Sequence[str],
    step: int = 0,
    unit: int = 0,
    share: float = 1.0,
) -> Explorer[InterpolationTrace]:
    """Set all update gates of one step by hand: the state moves between old and new, and the answer follows.

    where ``step`` and ``unit`` count from 0 and ``share`` is where the gates stand when it opens.
    """
    tokens = tuple(text.split())
    last = len(SHARES) - 1

    def source(step: float, unit: float) -> InterpolationTrace:
        return trace_interpolation(model, vocabulary, tokens, answers, int(step), int(unit))

    return Explorer(
        "Between old and new",
        source,
        View(
            figure=interpolation_plots.interpolation_figure,
            patch=interpolation_plots.interpolation_patch,
            describe=interpolation_plots.describe_interpolation,
            selections=lambda trace: len(trace.shares),
            structure=lambda trace: trace.tokens,
            extra=lambda _trace: {"pick": "xaxis", "drag": {"xaxis2": "step", "xaxis3": "step"}},
        ),
        [
            Range("step", "Step t", 0, len(tokens) - 1, 1, step, offset=1, recorded=len(tokens)),
            Range("unit", "Unit", 0, model.W_h.shape[1] - 1, 1, unit, offset=1, recorded=4),
        ],
        Range("share", f"Share z_t of the old state, in {_PARTS[last]}", 0, last, 1, round(share * last), browser=True),
    )


_PARTS = {10: "tenths", 20: "twentieths"}


def reach(
    networks: Mapping[str, Network],
    vocabulary: Vocabulary,
    text: str,
    step: int,
    split: Callable[[str], Sequence[str]] = str.split,
) -> Explorer[ReachTrace]:
    """Point at a step: how much of the gradient of its loss is left at each earlier one, network by network?

    where ``step`` counts from 0 and ``split`` cuts a text into what the vocabulary knows (words, or ``list`` for
    characters).
    """
    return Explorer(
        "Gradients through time, side by side",
        lambda text: trace_reach(networks, vocabulary, tuple(split(text))),
        View(
            figure=reach_plots.reach_figure,
            patch=reach_plots.reach_patch,
            describe=reach_plots.describe_reach,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: trace.tokens,
            extra=lambda _trace: {"pick": "xaxis"},
        ),
        [TextBox("text", "Type another", text, LONGEST_LINE)],
        Range("step", "Loss at step t", 0, len(split(text)) - 2, 1, step, browser=True, offset=1),
    )


def remembered(traces: Sequence[LagTrace], lag: int = 0) -> Explorer[LagTrace]:
    """Choose a task and point at a lag: which network still answers right, and with how many of the seeds?

    where ``lag`` is the place, counted from 0, of the lag it opens at. Raises ValueError unless there is a task and
    all have as many lags.
    """
    by_task = {trace.task: trace for trace in traces}
    counts = {task: len(trace.lags) for task, trace in by_task.items()}
    if len(set(counts.values())) != 1:
        raise ValueError(f"expected one task or more, each with as many lags, got {counts}")
    return Explorer(
        "How far each remembers",
        lambda task: by_task[task],
        View(
            figure=lags_plots.lags_figure,
            patch=lags_plots.lags_patch,
            describe=lags_plots.describe_lags,
            selections=lambda trace: len(trace.lags),
            structure=lambda trace: (trace.networks, trace.lags),
            extra=lambda _trace: {"pick": "xaxis"},
        ),
        [Choice("task", "Task", tuple(by_task), traces[0].task)],
        Range("lag", "Lag, from short to long", 0, len(traces[0].lags) - 1, 1, lag, browser=True, offset=1),
    )
