"""A picture in the light of one word: bright where the network looked for it, dark elsewhere."""

import math

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.seeing.gallery import png
from seqviz.plots.theme import HIGHLIGHT, SEQUENTIAL, new_figure, token_name
from seqviz.traces.seeing.records import GazeTrace

_SHADE = ((0.0, "rgba(20,20,20,0.65)"), (1.0, "rgba(20,20,20,0)"))
VERDICTS = {
    None: "It is true.",
    "grammar": "It is no sentence of the grammar.",
    "thing": "It is not true: it names a colour or a shape that is not there.",
    "pairing": "It is not true: the colour of one thing goes with the shape of the other.",
    "twice": "It is not true: it names one thing twice.",
    "relation": "It is not true: both things are there, but stand in another way.",
}


def gaze_figure(trace: GazeTrace) -> go.Figure:
    """Draw the picture below a shade and beside the weights of the cells, both without a word."""
    _, rows, columns = trace.picture.shape
    cells = math.isqrt(trace.weights.shape[1])
    hidden = {"tickvals": [], "ticks": "", "showgrid": False, "zeroline": False}
    figure = new_figure(
        320,
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        xaxis=hidden | {"domain": [0, 0.44], "range": [0, columns], "title": "what it looked at", "side": "top"},
        yaxis=hidden | {"range": [rows, 0], "scaleanchor": "x", "constrain": "domain"},
        xaxis2=hidden
        | {"anchor": "y2", "domain": [0.5, 0.92], "range": [0, columns], "title": "weight of each cell", "side": "top"},
        yaxis2=hidden | {"anchor": "x2", "range": [rows, 0], "scaleanchor": "x2", "constrain": "domain"},
    )
    figure.add_image(source=png(trace.picture), x0=0.5, y0=0.5, hoverinfo="skip", zsmooth=False)
    step = columns / cells
    grid = {"x0": step / 2, "dx": step, "y0": step / 2, "dy": step, "z": np.zeros((cells, cells)), "zmin": 0}
    figure.add_heatmap(uid="shade", colorscale=_SHADE, zmax=1, showscale=False, hoverinfo="skip", **grid)
    figure.add_heatmap(
        uid="weights",
        colorscale=SEQUENTIAL,
        zmax=1,
        xaxis="x2",
        yaxis="y2",
        xgap=1,
        ygap=1,
        colorbar={"thickness": 10, "title": {"text": "α", "side": "top"}, "tickvals": [0, 0.5, 1]},
        hovertemplate="%{z:.2f}<extra></extra>",
        **grid,
    )
    for uid, axes in (("named", {}), ("named-beside", {"xaxis": "x2", "yaxis": "y2"})):
        line = {"color": HIGHLIGHT, "width": 2.5}
        figure.add_scatter(uid=uid, x=[None] * 5, y=[None] * 5, mode="lines", line=line, hoverinfo="skip", **axes)
    return figure


def gaze_patch(trace: GazeTrace, word: int) -> Patch:
    """What follows the selected word: the weights, the shade that they lift, and a frame around the thing it names."""
    cells = math.isqrt(trace.weights.shape[1])
    weights = trace.weights[word].reshape(cells, cells)
    x, y = frame(trace, word)
    return {
        "weights.z": weights,
        "shade.z": weights / weights.max(),
        **{f"{uid}.{axis}": places for uid in ("named", "named-beside") for axis, places in (("x", x), ("y", y))},
    }


def frame(trace: GazeTrace, word: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of the cells of what a word names, or no numbers where it names nothing."""
    cells = math.isqrt(trace.weights.shape[1])
    named = trace.named[word].reshape(cells, cells)
    if not named.any():
        return np.full(5, np.nan), np.full(5, np.nan)
    step = trace.picture.shape[1] / cells
    (top, bottom), (left, right) = (np.flatnonzero(named.any(axis))[[0, -1]] + [0, 1] for axis in (1, 0))
    return step * np.array([left, right, right, left, left]), step * np.array([top, top, bottom, bottom, top])


def inside(trace: GazeTrace, word: int) -> float | None:
    """Return how much of a word's weight lies on the thing that it names, or None where it names none."""
    named = trace.named[word]
    return float(trace.weights[word, named].sum()) if named.any() else None


def gaze_levels(trace: GazeTrace) -> np.ndarray:
    """Return for every word how much of its weight lies on the thing it names, NaN where it names none: one row."""
    shares = [inside(trace, word) for word in range(len(trace.words))]
    return np.array([[np.nan if share is None else min(share, 1.0) for share in shares]])


def describe_gaze(trace: GazeTrace, word: int) -> str:
    """Say which word it is, where the weight lies, and whether the caption is true."""
    cells = math.isqrt(trace.weights.shape[1])
    row, column = divmod(int(trace.weights[word].argmax()), cells)
    told = (
        f"Word {word + 1} of “{trace.caption}”, “{token_name(trace.words[word])}”: most weight,"
        f" {trace.weights[word].max():.0%}, on row {row + 1}, column {column + 1} of {cells}."
    )
    share = inside(trace, word)
    if share is not None:
        area = trace.named[word].mean()
        told += f" {share:.0%} lies on the thing it names, which covers {area:.0%} of the picture."
    return f"{told} {VERDICTS[trace.fault]}"


def gaze(trace: GazeTrace, word: int = 0) -> Picture:
    """Draw where the network looked for one word of its caption (counted from 0)."""
    return Picture(patched(gaze_figure(trace), gaze_patch(trace, word)), describe_gaze(trace, word))
