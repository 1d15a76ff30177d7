"""A scene under a hand, and where a network looked for each word of what it wrote about it."""

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.seeing.gaze import VERDICTS, describe_gaze, frame
from seqviz.plots.theme import HIGHLIGHT, SEQUENTIAL, new_figure
from seqviz.traces.seeing.records import OwnSceneTrace, SceneDrawing

BARE = {"tickvals": [], "ticks": "", "showgrid": False, "zeroline": False}
_GROUND = "#e6e6e6"  # 0.9 of white, as pictures without noise have it
_ODD = {
    "alike": "No scene that it learned from has two things alike.",
    "touch": "In no scene that it learned from do things lie so close.",
    "between": "In all scenes that it learned from, one distance, across or down, is clearly the larger.",
}


def own_scene_figure(trace: OwnSceneTrace) -> go.Figure:
    """Draw the ground of the scene and, beside it, the axes of the weights."""
    figure = new_figure(
        340,
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        **square_axes("", trace.drawing.size, (0, 0.44), "your scene: drag a thing"),
        **square_axes("2", trace.drawing.size, (0.5, 0.92), "weight of each cell"),
    )
    add_scene(figure, trace.drawing)
    add_weights(figure, trace.drawing, math.isqrt(trace.gaze.weights.shape[1]), scale=True)
    line = {"color": HIGHLIGHT, "width": 2.5}
    figure.add_scatter(
        uid="named", x=[None] * 5, y=[None] * 5, mode="lines", line=line, hoverinfo="skip", xaxis="x2", yaxis="y2"
    )
    return figure


def square_axes(number: str, size: int, domain: tuple[float, float], title: str) -> dict[str, Any]:
    """Return both axes of a picture: upright, without numbers, its title above."""
    across = {"anchor": f"y{number}", "domain": domain, "range": [0, size], "title": title, "side": "top"}
    down = {"anchor": f"x{number}", "range": [size, 0], "scaleanchor": f"x{number}", "constrain": "domain"}
    return {f"xaxis{number}": BARE | across | {"constrain": "domain"}, f"yaxis{number}": BARE | down}


def add_scene(figure: go.Figure, drawing: SceneDrawing) -> None:
    """Add the ground, the things in the order in which they cover each other, and a point that a hand can grab in each.

    The network sees the same in pixels.
    """
    x, y = np.array([0, 1, 1, 0, 0]) * drawing.size, np.array([0, 0, 1, 1, 0]) * drawing.size
    flat = {"mode": "lines", "fill": "toself", "hoverinfo": "skip"}
    figure.add_scatter(x=x, y=y, fillcolor=_GROUND, line={"color": _GROUND, "width": 0}, **flat)
    for number, (colour, corners) in enumerate(zip(drawing.colours, drawing.outlines, strict=True), 1):
        nowhere = np.zeros(len(corners))
        line = {"color": colour, "width": 0}
        figure.add_scatter(uid=f"thing-{number}", x=nowhere, y=nowhere, fillcolor=colour, line=line, **flat)
    for number in range(1, len(drawing.names) + 1):
        look = {"size": 9, "color": "white", "line": {"color": "black", "width": 1.5}}
        figure.add_scatter(uid=f"middle-{number}", x=[0], y=[0], mode="markers", marker=look, hoverinfo="skip")


def add_weights(figure: go.Figure, drawing: SceneDrawing, cells: int, *, scale: bool) -> None:
    """Add the grid of weights on the second axes, and the outlines of the things over it."""
    step = drawing.size / cells
    figure.add_heatmap(
        uid="weights",
        x0=step / 2,
        dx=step,
        y0=step / 2,
        dy=step,
        z=np.zeros((cells, cells)),
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        xaxis="x2",
        yaxis="y2",
        xgap=1,
        ygap=1,
        showscale=scale,
        colorbar={"thickness": 10, "title": {"text": "α", "side": "top"}, "tickvals": [0, 0.5, 1]},
        hovertemplate="%{z:.2f}<extra></extra>",
    )
    for number, corners in enumerate(drawing.outlines, 1):
        nowhere = np.zeros(len(corners))
        figure.add_scatter(
            uid=f"outline-{number}",
            x=nowhere,
            y=nowhere,
            mode="lines",
            line={"color": "white", "width": 1.5},
            hoverinfo="skip",
            xaxis="x2",
            yaxis="y2",
        )


def scene_patch(drawing: SceneDrawing) -> Patch:
    """Where the things are."""
    patch: dict[str, Any] = {}
    for number, (middle, corners) in enumerate(zip(drawing.middles, drawing.outlines, strict=True), 1):
        for place, name in enumerate("xy"):
            patch[f"middle-{number}.{name}"] = middle[place : place + 1]
            patch[f"thing-{number}.{name}"] = patch[f"outline-{number}.{name}"] = corners[:, place]
    return patch


def own_scene_patch(trace: OwnSceneTrace, word: int) -> Patch:
    """What follows the hand and the selected word: the things, the weights, and a frame around the thing it names."""
    cells = math.isqrt(trace.gaze.weights.shape[1])
    x, y = frame(trace.gaze, word)
    return {
        **scene_patch(trace.drawing),
        "weights.z": trace.gaze.weights[word].reshape(cells, cells),
        "named.x": x,
        "named.y": y,
    }


def verdict(trace: OwnSceneTrace) -> str:
    """Say whether the caption is true, and what its fault is."""
    return VERDICTS[trace.gaze.fault]


def describe_odd(drawing: SceneDrawing) -> str:
    """Say what sets a scene apart from those that are learned from, after a space, or nothing."""
    return f" {_ODD[drawing.oddity]}" if drawing.oddity else ""


def describe_own_scene(trace: OwnSceneTrace, word: int) -> str:
    """Say what is drawn, which word is selected and where it looked, whether the caption is true, and what would be."""
    told = f"Drawn are {trace.drawing.named}. {describe_gaze(trace.gaze, word)}"
    if trace.gaze.fault:
        told += f" True would be “{trace.true}”."
    return told + describe_odd(trace.drawing)


def own_scene(trace: OwnSceneTrace, word: int = 0) -> Picture:
    """Draw a scene, and where the network looked for one word (counted from 0) of what it wrote about it."""
    return Picture(patched(own_scene_figure(trace), own_scene_patch(trace, word)), describe_own_scene(trace, word))
