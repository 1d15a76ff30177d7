"""Accuracy against lag."""

from collections.abc import Sequence

from seqviz.plots.gated import lags as plots
from seqviz.traces.gated.records import LagTrace
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View


def lags(traces: Sequence[LagTrace], lag: int = 0) -> Explorer[LagTrace]:
    """Choose a task and point at a lag: which network still answers correctly, and with how many of the seeds?

    where ``lag`` is the place, counted from 0, of the lag it opens at. Raises ValueError unless there is a task and
    all have the same number of lags.
    """
    by_task = {trace.task: trace for trace in traces}
    counts = {task: len(trace.lags) for task, trace in by_task.items()}
    if len(set(counts.values())) != 1:
        raise ValueError(f"expected one task or more, all with the same number of lags, got {counts}")
    return Explorer(
        "How far each remembers",
        lambda task: by_task[task],
        View(
            figure=plots.lags_figure,
            patch=plots.lags_patch,
            describe=plots.describe_lags,
            selections=lambda trace: len(trace.lags),
            structure=lambda trace: (trace.networks, trace.lags),
            pick="xaxis",
        ),
        [Choice("task", "Task", tuple(by_task), traces[0].task)],
        Range(
            "lag",
            "Lag",
            minimum=0,
            maximum=len(traces[0].lags) - 1,
            step=1,
            value=lag,
            browser=True,
            shown=[str(one) for one in traces[0].lags],
        ),
    )
