"""Accuracy against lag: how far back each network has learnt to remember."""

import statistics

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, INK, add_mark, new_figure
from seqviz.traces.gated.records import LagTrace

_ROOM = (-0.04, 1.06)
_SYMBOLS = ("circle", "diamond", "square", "cross")  # so that colour is not the only sign


def lags_figure(trace: LagTrace) -> go.Figure:
    """Draw the median over the seeds against the lag for each network, and room for the seeds of one lag."""
    figure = _layout(trace)
    _add_medians(figure, trace)
    _add_seeds(figure, trace)
    _add_floor(figure, trace)
    add_mark(figure, _ROOM)
    return figure


def _layout(trace: LagTrace) -> go.Figure:
    """Return an empty figure: accuracy against lag, and beside it a column of seeds for each network."""
    places, names = np.arange(len(trace.lags)), trace.networks
    return new_figure(
        340,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        margin={"l": 56, "r": 16, "t": 40, "b": 44},
        xaxis={
            "domain": [0, 0.6],
            "range": [-0.3, len(places) - 0.7],
            "tickvals": list(places),
            "ticktext": [str(lag) for lag in trace.lags],
            "title": "lag in steps",
        },
        yaxis={"range": _ROOM, "tickformat": ".0%", "title": {"text": "right answers", "standoff": 6}},
        xaxis2={
            "domain": [0.68, 1],
            "range": [-0.5, len(names) - 0.5],
            "tickvals": list(range(len(names))),
            "ticktext": list(names),
            "title": "each seed at this lag",
            "anchor": "y2",
        },
        yaxis2={"range": _ROOM, "tickformat": ".0%", "anchor": "x2", "showticklabels": False},
    )


def _medians(trace: LagTrace) -> np.ndarray:
    """Return a row for each network: the median over the seeds at every lag."""
    return np.median(trace.accuracies, axis=-1)


def _add_medians(figure: go.Figure, trace: LagTrace) -> None:
    for index, (name, medians) in enumerate(zip(trace.networks, _medians(trace), strict=True)):
        figure.add_scatter(
            uid=f"median-{index}",
            x=np.arange(len(trace.lags)),
            y=medians,
            name=name,
            mode="lines+markers",
            line={"color": CATEGORICAL[index], "width": 2.5, "dash": DASHES[index]},
            marker={"size": 8, "symbol": _SYMBOLS[index % 4]},
            hovertemplate="%{y:.0%}<extra>" + name + ", median</extra>",
        )


def _add_seeds(figure: go.Figure, trace: LagTrace) -> None:
    seeds = trace.accuracies.shape[-1]
    # side by side, so that seeds of equal result do not hide each other
    offsets = np.linspace(-0.25, 0.25, seeds) if seeds > 1 else np.zeros(1)
    for index, name in enumerate(trace.networks):
        figure.add_scatter(
            uid=f"seeds-{index}",
            x=index + offsets,
            y=np.zeros(seeds),
            mode="markers",
            marker={"color": CATEGORICAL[index], "size": 9, "symbol": _SYMBOLS[index % 4]},
            xaxis="x2",
            yaxis="y2",
            showlegend=False,
            hovertemplate="%{y:.0%}<extra>" + name + ", one seed</extra>",
        )


def _add_floor(figure: go.Figure, trace: LagTrace) -> None:
    """Add the accuracy without memory to both plots."""
    for axis, end in (("", len(trace.lags)), ("2", len(trace.networks))):
        figure.add_scatter(
            uid=f"without-memory{axis}",
            x=[-1, end],
            y=[trace.without_memory] * 2,
            mode="lines",
            line={"color": INK, "width": 1.5, "dash": "dash"},
            name="without memory",
            showlegend=axis == "",
            hoverinfo="skip",
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
        )


def lags_patch(trace: LagTrace, selection: int) -> Patch:
    """What follows the selected lag: every network's seeds, and the mark."""
    seeds = {f"seeds-{index}.y": row[selection] for index, row in enumerate(trace.accuracies)}
    # the curves as well: another task keeps the figure
    medians = {f"median-{index}.y": row for index, row in enumerate(_medians(trace))}
    floor = {f"without-memory{axis}.y": [trace.without_memory] * 2 for axis in ("", "2")}
    return medians | seeds | floor | {"mark.x": [selection, selection]}


def describe_lags(trace: LagTrace, selection: int) -> str:
    """Say median, least and most for each network at the selected lag."""
    said = []
    seeds = trace.accuracies.shape[-1]
    for name, accuracies in zip(trace.networks, trace.accuracies[:, selection].tolist(), strict=True):
        span = f" ({min(accuracies):.0%} to {max(accuracies):.0%})" if seeds > 1 else ""
        said.append(f"{name} {statistics.median(accuracies):.0%}{span}")
    of = f"median and span of {seeds} seeds" if seeds > 1 else "one seed"
    return (
        f"{trace.task[0].upper()}{trace.task[1:]}, lag {trace.lags[selection]}, {of}: "
        f"{', '.join(said)}. Without any memory: {trace.without_memory:.0%}."
    )


def lags(trace: LagTrace, selection: int) -> Picture:
    """Draw accuracy against lag, and the seeds of one of the lags."""
    return Picture(patched(lags_figure(trace), lags_patch(trace, selection)), describe_lags(trace, selection))
