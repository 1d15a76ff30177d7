"""Accuracy against lag: how far back each network has learnt to remember."""

import statistics

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.charts.losses import DASHES
from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, INK, add_mark, new_figure
from seqviz.traces.gated.records import LagTrace

_ROOM = (-0.04, 1.06)
_SYMBOLS = ("circle", "diamond", "square", "cross")  # a second sign beside the colour


def lags_figure(trace: LagTrace) -> go.Figure:
    """Draw the median over the seeds against the lag for each network, and room for the seeds of one lag."""
    places, names = np.arange(len(trace.lags)), trace.networks
    figure = new_figure(
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
    for index, name in enumerate(names):
        figure.add_scatter(
            uid=f"median-{index}",
            x=places,
            y=np.median(trace.accuracies[index], axis=-1),
            name=name,
            mode="lines+markers",
            line={"color": CATEGORICAL[index], "width": 2.5, "dash": DASHES[index]},
            marker={"size": 8, "symbol": _SYMBOLS[index % 4]},
            hovertemplate="%{y:.0%}<extra>" + name + ", median</extra>",
        )
    for index, name in enumerate(names):
        seeds = trace.accuracies.shape[-1]
        figure.add_scatter(
            uid=f"seeds-{index}",
            # seeds of the same result lie side by side, not on each other
            x=index + (np.linspace(-0.25, 0.25, seeds) if seeds > 1 else np.zeros(1)),
            y=np.zeros(seeds),
            mode="markers",
            marker={
                "color": CATEGORICAL[index],
                "size": 9,
                "symbol": _SYMBOLS[index % 4],
            },
            xaxis="x2",
            yaxis="y2",
            showlegend=False,
            hovertemplate="%{y:.0%}<extra>" + name + ", one seed</extra>",
        )
    for axis, end in (("", len(places)), ("2", len(names))):
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
    add_mark(figure, _ROOM)
    return figure


def lags_patch(trace: LagTrace, selection: int) -> Patch:
    """What follows the selected lag: every network's seeds, and the mark."""
    count = len(trace.networks)
    seeds = {f"seeds-{index}.y": trace.accuracies[index, selection] for index in range(count)}
    # the curves too: the task is another one now, and the figure stays
    medians = {f"median-{index}.y": np.median(trace.accuracies[index], axis=-1) for index in range(count)}
    guess = {f"without-memory{axis}.y": [trace.without_memory] * 2 for axis in ("", "2")}
    return medians | seeds | guess | {"mark.x": [selection, selection]}


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
