"""Gradients through time of several networks at once: how much of it is left at every earlier step."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, SEQUENTIAL, add_mark, new_figure, number, visible
from seqviz.traces.gated.records import ReachTrace

DECADES = (-6, 2)  # the same axis and colours for every text, so that texts can be compared


def reach_seen_from(trace: ReachTrace, t: int) -> np.ndarray:
    """What is left of every network's gradient at each k ≤ t; NaN for later steps and where it is 0."""
    left = trace.relative[:, t].astype(float)
    left[left == 0] = np.nan
    return left


def reach_figure(trace: ReachTrace) -> go.Figure:
    """Draw a row of colours and a curve for every network, both without the selection."""
    figure = _layout(trace)
    _add_curves(figure, trace)
    _add_shares(figure, trace)
    low, high = DECADES
    add_mark(figure, (10.0**low, 10.0**high))
    return figure


def _layout(trace: ReachTrace) -> go.Figure:
    """Return an empty figure: the curves above, a row for each network below, both over the steps."""
    steps, names = len(trace.tokens), trace.networks
    figure = new_figure(
        300 + 34 * len(names),
        showlegend=True,
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        margin={"l": 56, "r": 16, "t": 40, "b": 70},
        yaxis={
            "domain": [0.36, 1],
            "type": "log",
            "range": DECADES,
            "dtick": 2,
            "exponentformat": "power",
            "title": {"text": "share of ‖∂L_t/∂h_t‖", "standoff": 8},
        },
        yaxis2={
            "domain": [0, 0.3],
            "range": [len(names) - 0.5, -0.5],
            "tickvals": list(range(len(names))),
            "ticktext": list(names),
            "anchor": "x",
            "showgrid": False,
            "zeroline": False,
        },
    )
    return figure.update_xaxes(
        title="step k (what it reads)",
        range=[-0.5, steps - 0.5],
        tickvals=list(range(steps)),
        ticktext=[visible(token) for token in trace.tokens],
        tickangle=0 if max(map(len, trace.tokens)) == 1 else -40,
        anchor="y2",
        showgrid=False,
    )


def _add_curves(figure: go.Figure, trace: ReachTrace) -> None:
    steps = len(trace.tokens)
    for index, name in enumerate(trace.networks):
        figure.add_scatter(
            uid=f"curve-{index}",
            x=np.arange(steps),
            y=np.ones(steps),
            name=name,
            mode="lines+markers",
            line={"color": CATEGORICAL[index], "width": 2.5, "dash": DASHES[index]},
            marker={"size": 6, "symbol": ("circle", "diamond", "square", "cross")[index % 4]},
            hovertemplate="%{y:.1e}<extra>" + name + "</extra>",
        )


def _add_shares(figure: go.Figure, trace: ReachTrace) -> None:
    figure.add_heatmap(
        uid="shares",
        z=np.full((len(trace.networks), len(trace.tokens)), np.nan),
        zmin=DECADES[0],
        zmax=0,
        colorscale=SEQUENTIAL,
        xgap=2,
        ygap=2,
        hoverongaps=False,
        yaxis="y2",
        showscale=False,
        hovertemplate="10<sup>%{z:.1f}</sup><extra></extra>",
    )


def reach_patch(trace: ReachTrace, t: int) -> Patch:
    """What follows the selected loss: curves, colours and the mark of its step."""
    left = reach_seen_from(trace, t)
    curves = {f"curve-{index}.y": curve for index, curve in enumerate(left)}
    colors = np.clip(np.log10(left), DECADES[0], 0)
    return curves | {"shares.z": colors, "mark.x": [t, t]}


def describe_reach(trace: ReachTrace, t: int) -> str:
    """Say what is left at the first step, for every network."""
    start = f"Loss at step {t + 1}, where “{visible(trace.targets[t])}” is right"
    if t == 0:
        return f"{start}. There is no earlier step."
    said = [f"{name} {_share(value)}" for name, value in zip(trace.networks, trace.relative[:, t, 0], strict=True)]
    back = "1 step" if t == 1 else f"{t} steps"
    return f"{start}. {back} back, at the first, this share of ‖∂L_t/∂h_t‖ is left: {', '.join(said)}."


def _share(value: float) -> str:
    if np.isnan(value):
        return "unknown, there is none to begin with"
    if value == 0:
        return "nothing"
    return f"{value:.2f}" if value >= 0.01 else number(value, ".0e")


def reach(trace: ReachTrace, t: int) -> Picture:
    """Draw how much of the gradient of step ``t``'s loss (counted from 0) is left at every earlier step."""
    return Picture(patched(reach_figure(trace), reach_patch(trace, t)), describe_reach(trace, t))
