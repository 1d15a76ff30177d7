"""A loss with a cliff in it, and three ways down from one point."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, SEQUENTIAL, new_figure
from seqviz.traces.recurrent.records import CliffSurface, CliffTrace

LOSSES = (-3, 0)  # decades of the loss
_WAYS = (
    ("as it is", CATEGORICAL[5], "solid", "circle"),
    ("clipped by its norm", CATEGORICAL[4], "dash", "square"),
    ("clipped by value", CATEGORICAL[3], "dot", "diamond"),
)


def ways_of(trace: CliffTrace, threshold: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The three ways at one threshold, each (update, 4): unclipped, by norm, by value."""
    return trace.plain, trace.by_norm[threshold], trace.by_value[threshold]


def cliff_figure(surface: CliffSurface, trace: CliffTrace) -> go.Figure:
    """Draw the landscape with three empty ways on it, and beside it three empty curves of the loss."""
    figure = _layout(surface, len(trace.plain))
    _add_landscape(figure, surface)
    empty, updates = [0.0] * len(trace.plain), np.arange(len(trace.plain))
    for number, (name, color, dash, _) in enumerate(_WAYS):
        line = {"color": color, "dash": dash, "width": 3}
        figure.add_scatter(uid=f"way-{number}", x=empty, y=empty, name=name, mode="lines", line=line)
    start = {"size": 13, "symbol": "circle-open", "color": HIGHLIGHT, "line": {"width": 3}}
    figure.add_scatter(uid="start", x=[0.0], y=[0.0], mode="markers", marker=start, showlegend=False, hoverinfo="skip")
    beside = {"showlegend": False, "xaxis": "x2", "yaxis": "y2"}
    for number, (name, color, dash, _) in enumerate(_WAYS):
        line = {"color": color, "dash": dash, "width": 2.5}
        figure.add_scatter(uid=f"loss-{number}", x=updates, y=empty, name=name, mode="lines", line=line, **beside)
    for number, (name, color, _, symbol) in enumerate(_WAYS):
        marker = {"size": 15, "symbol": symbol, "color": color, "line": {"width": 2, "color": "white"}}
        ball = {"x": [0.0], "y": [1.0], "mode": "markers", "marker": marker, "name": name}
        figure.add_scatter(uid=f"ball-{number}", showlegend=False, **ball)
        figure.add_scatter(uid=f"at-{number}", **ball | {"marker": marker | {"size": 10}}, **beside)
    return figure


def _layout(surface: CliffSurface, updates: int) -> go.Figure:
    """Return an empty figure: the map of the two parameters, and beside it the loss over the updates."""
    return new_figure(
        440,
        grid={"rows": 1, "columns": 2, "pattern": "independent"},
        showlegend=True,
        legend={"orientation": "h", "y": 1.12},
        xaxis={"domain": [0, 0.56], "title": "w", "range": [float(surface.w[0]), float(surface.w[-1])]},
        yaxis={"title": "b", "range": [float(surface.b[0]), float(surface.b[-1])]},
        xaxis2={"domain": [0.75, 1], "title": "update", "range": [-0.5, updates - 0.5]},
        yaxis2={"title": "loss", "type": "log", "range": LOSSES, "dtick": 1, "exponentformat": "power"},
    )


def _add_landscape(figure: go.Figure, surface: CliffSurface) -> None:
    """Add the loss as a map with contours. They crowd where the wall is."""
    figure.add_contour(
        x=surface.w,
        y=surface.b,
        z=surface.losses,
        colorscale=SEQUENTIAL,
        zmin=0,
        zmax=0.5,
        contours={"start": 0.01, "end": 0.49, "size": 0.04, "coloring": "heatmap"},
        line={"width": 0.7, "color": "rgba(255,255,255,0.6)"},
        colorbar={"x": 0.57, "thickness": 10, "title": "loss"},
        hovertemplate="w = %{x:.2f}, b = %{y:.2f}: %{z:.3f}<extra></extra>",
    )


def cliff_patch(trace: CliffTrace, threshold: int) -> Patch:
    """What follows the threshold: three ways on the map, where they start and end, three curves of the loss."""
    patch: dict[str, np.ndarray] = {}
    for number, way in enumerate(ways_of(trace, threshold)):
        patch[f"way-{number}.x"], patch[f"way-{number}.y"] = way[:, 0], way[:, 1]
        patch[f"loss-{number}.y"] = way[:, 2]
        patch[f"ball-{number}.x"], patch[f"ball-{number}.y"] = way[-1:, 0], way[-1:, 1]
        patch[f"at-{number}.x"], patch[f"at-{number}.y"] = np.array([len(way) - 1.0]), way[-1:, 2]
    return patch | {"start.x": trace.plain[:1, 0], "start.y": trace.plain[:1, 1]}


def describe_cliff(trace: CliffTrace, threshold: int) -> str:
    """Say where the walk begins, the longest gradient met, and where each of the three ways ends."""
    w, b, loss, _ = trace.plain[0]
    ends = "; ".join(
        f"{name}: loss {way[-1, 2]:.3f} at w = {way[-1, 0]:.2f}, b = {way[-1, 1]:.2f}"
        for (name, *_), way in zip(_WAYS, ways_of(trace, threshold), strict=True)
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
