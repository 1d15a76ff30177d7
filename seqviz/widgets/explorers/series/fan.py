"""A forecast opens like a fan as its horizon is dragged, and what came is drawn into it."""

from collections.abc import Mapping

from seqviz.data.sequences.measured import Series
from seqviz.plots.series import fan as plots
from seqviz.traces.series.fan import Forecaster, trace_fan
from seqviz.traces.series.records import FanTrace
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View


def fan(
    series: Series, forecasters: Mapping[str, Forecaster], origin: int, *, first: int, horizon: int = 12
) -> Explorer[FanTrace]:
    """Drag the horizon, forecast from another time, or by another model.

    where origin is the number of the last known time to begin with, and first the least that can be chosen.
    """
    names = list(forecasters)

    def source(forecaster: str, origin: float) -> FanTrace:
        return trace_fan(series, forecasters[forecaster], forecaster, round(origin), horizon)

    last = len(series.times) - 1
    return Explorer(
        "A forecast and what came",
        source,
        View(
            figure=plots.fan_figure,
            patch=plots.fan_patch,
            describe=plots.describe_fan,
            selections=lambda trace: len(trace.mean),
            structure=lambda trace: (trace.forecaster, trace.origin),
            pick="xaxis",
            first=1,
        ),
        [
            Choice("forecaster", "Forecast by", names, names[0]),
            Range("origin", "Known until", first, last, 1, origin, shown=series.times[first:], recorded=12),
        ],
        Range("step", "Steps ahead", 0, horizon - 1, 1, horizon - 1, browser=True, offset=1, play="Open the fan"),
    )
