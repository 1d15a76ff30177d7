"""Measured numbers over time."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import DASHES, new_figure


def series_figure(series: Mapping[str, Sequence[float]], times: Sequence[str], unit: str) -> go.Figure:
    """Draw the figure of `series`."""
    figure = new_figure(300, showlegend=len(series) > 1, legend={"orientation": "h", "y": 1.15})
    for index, (name, values) in enumerate(series.items()):
        dash = DASHES[index % len(DASHES)]
        figure.add_scatter(x=list(times), y=list(values), name=name, mode="lines", line={"width": 2, "dash": dash})
    return figure.update_xaxes(tickangle=0, nticks=8).update_yaxes(title={"text": unit, "standoff": 10})


def describe_series(series: Mapping[str, Sequence[float]], times: Sequence[str]) -> str:
    """Say where each series starts and ends, and its extremes with their times."""
    return " ".join(f"{name}: {_course(list(values), times)}." for name, values in series.items())


def _course(values: list[float], times: Sequence[str]) -> str:
    low, high = values.index(min(values)), values.index(max(values))
    return (
        f"from {values[0]:.3g} ({times[0]}) to {values[-1]:.3g} ({times[-1]}), "
        f"lowest {values[low]:.3g} ({times[low]}), highest {values[high]:.3g} ({times[high]})"
    )


def series(series: Mapping[str, Sequence[float]], times: Sequence[str], unit: str) -> Picture:
    """Draw one line for each named series over the same times."""
    return Picture(series_figure(series, times, unit), describe_series(series, times))
