"""A loss with a cliff in it, and three ways down from one point."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, SEQUENTIAL, new_figure
from seqviz.traces.recurrent.records import CliffSurface, CliffTrace

LOSSES = (-3, 0)  # decades of the loss
_WAYS = (
    ("as it is", CATEGORICAL[5], "solid"),
    ("clipped by its norm", CATEGORICAL[4], "dash"),
    ("clipped by value", CATEGORICAL[3], "dot"),
)


def ways_of(trace: CliffTrace, threshold: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The three ways at one threshold, each (update, 4): unclipped, by norm, by value."""
    return trace.plain, trace.by_norm[threshold], trace.by_value[threshold]


def cliff_figure(surface: CliffSurface, trace: CliffTrace) -> go.Figure:
    """Draw the landscape with three empty ways on it, and beside it three empty curves of the loss."""
    updates = len(trace.plain)
    figure = new_figure(
        400,
        grid={"rows": 1, "columns": 2, "pattern": "independent"},
        showlegend=True,
        legend={"orientation": "h", "y": 1.12},
        xaxis={"domain": [0, 0.5], "title": "w", "range": [float(surface.w[0]), float(surface.w[-1])]},
        yaxis={"title": "b", "range": [float(surface.b[0]), float(surface.b[-1])]},
        xaxis2={"domain": [0.7, 1], "title": "update", "range": [-0.5, updates - 0.5]},
        yaxis2={"title": "loss", "type": "log", "range": LOSSES, "dtick": 1, "exponentformat": "power"},
    )
    figure.add_heatmap(
        x=surface.w,
        y=surface.b,
        z=surface.losses,
        colorscale=SEQUENTIAL,
        zmin=0,
        zmax=0.5,
        colorbar={"x": 0.51, "thickness": 10, "title": "loss"},
        hovertemplate="w = %{x:.2f}, b = %{y:.2f}: %{z:.3f}<extra></extra>",
    )
    for number, (name, color, dash) in enumerate(_WAYS):
        line = {"color": color, "dash": dash, "width": 2.5}
        figure.add_scatter(
            uid=f"way-{number}",
            x=[0.0] * updates,
            y=[0.0] * updates,
            name=name,
            mode="lines+markers",
            line=line,
            marker={"size": 5},
        )
    start = {"size": 13, "symbol": "circle-open", "color": HIGHLIGHT, "line": {"width": 3}}
    figure.add_scatter(uid="start", x=[0.0], y=[0.0], mode="markers", marker=start, showlegend=False, hoverinfo="skip")
    for number, (name, color, dash) in enumerate(_WAYS):
        line = {"color": color, "dash": dash, "width": 2.5}
        figure.add_scatter(
            uid=f"loss-{number}",
            x=np.arange(updates),
            y=[1.0] * updates,
            name=name,
            mode="lines",
            line=line,
            showlegend=False,
            xaxis="x2",
            yaxis="y2",
        )
    return figure


def cliff_patch(trace: CliffTrace, threshold: int) -> Patch:
    """What follows the threshold: three ways on the map, where they start, three curves of the loss."""
    patch: dict[str, np.ndarray] = {}
    for number, way in enumerate(ways_of(trace, threshold)):
        patch[f"way-{number}.x"], patch[f"way-{number}.y"] = way[:, 0], way[:, 1]
        patch[f"loss-{number}.y"] = way[:, 2]
    return patch | {"start.x": trace.plain[:1, 0], "start.y": trace.plain[:1, 1]}


def describe_cliff(trace: CliffTrace, threshold: int) -> str:
    """Say where the walk begins, the longest gradient met, and where each of the three ways ends."""
    w, b, loss, _ = trace.plain[0]
    ends = "; ".join(
        f"{name}: loss {way[-1, 2]:.3f} at w = {way[-1, 0]:.2f}, b = {way[-1, 1]:.2f}"
        for (name, _, _), way in zip(_WAYS, ways_of(trace, threshold), strict=True)
    )
    return (
        f"From w = {w:.2f}, b = {b:.2f} (loss {loss:.3f}), threshold {trace.thresholds[threshold]:.2g}. "
        f"Unclipped, the largest gradient met has norm {trace.plain[:-1, 3].max():.2g}. "
        f"After {len(trace.plain) - 1} updates, {ends}."
    )


def cliff(surface: CliffSurface, trace: CliffTrace, threshold: int) -> Picture:
    """Draw the three ways down at one of the thresholds."""
    return Picture(
        patched(cliff_figure(surface, trace), cliff_patch(trace, threshold)), describe_cliff(trace, threshold)
    )
