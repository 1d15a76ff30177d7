"""A window of weights that slides along a sequence: what it covers, and the sum it makes there."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, new_figure, number
from seqviz.traces.sequences.records import WindowTrace


def window_figure(trace: WindowTrace) -> go.Figure:
    """Draw the axes: the sequence, the window's weights below what they are multiplied with, and the sums.

    All share the horizontal axis, whose 0 is the first place of the window: a sum stands below the window's left end.
    """
    figure = _layout(trace)
    places, width = len(trace.outputs), len(trace.weights)
    covered = np.arange(width)
    figure.add_scatter(
        x=np.arange(len(trace.inputs)), y=trace.inputs, mode="lines+markers", line={"color": INK, "width": 1.5}
    )
    figure.add_scatter(
        uid="covered",
        x=covered,
        y=trace.inputs[:width],
        mode="lines+markers",
        line={"color": HIGHLIGHT, "width": 3},
        marker={"size": 8},
    )
    figure.add_bar(uid="weights", x=covered, y=trace.weights, marker={"color": HIGHLIGHT}, yaxis="y2", width=0.8)
    figure.add_scatter(
        x=np.arange(places),
        y=trace.outputs,
        mode="lines+markers",
        line={"color": CATEGORICAL[0], "width": 1.5},
        yaxis="y3",
    )
    figure.add_scatter(
        uid="sum", x=[0], y=trace.outputs[:1], mode="markers", marker={"color": HIGHLIGHT, "size": 13}, yaxis="y3"
    )
    return figure


def _layout(trace: WindowTrace) -> go.Figure:
    time = len(trace.inputs)
    panels = {"yaxis": ("x_t", trace.inputs), "yaxis2": ("weights", trace.weights), "yaxis3": ("sum", trace.outputs)}
    domains = ([0.68, 1], [0.42, 0.58], [0, 0.32])
    axes = {
        axis: {"domain": domain, "range": _around(values), "title": {"text": title, "standoff": 12}, "nticks": 4}
        for (axis, (title, values)), domain in zip(panels.items(), domains, strict=True)
    }
    ticks = np.arange(3, time, 4)
    steps = {"anchor": "y3", "range": [-0.5, time - 0.5], "title": "step t", "tickvals": ticks, "ticktext": ticks + 1}
    return new_figure(430, xaxis={**steps, "tickangle": 0, "zeroline": False}, hovermode=False, **axes)


def _around(values: np.ndarray) -> list[float]:
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    room = 0.12 * (high - low) or 1.0
    return [low - room, high + room]


def window_patch(trace: WindowTrace, place: int) -> Patch:
    """What follows the window: the part it covers, its weights below, and its sum."""
    width = len(trace.weights)
    covered = np.arange(place, place + width)
    return {
        "covered.x": covered,
        "covered.y": trace.inputs[place : place + width],
        "weights.x": covered,
        "sum.x": [place],
        "sum.y": trace.outputs[place : place + 1],
    }


def describe_window(trace: WindowTrace, place: int) -> str:
    """Write out the sum that the window makes at one place (counted from 0)."""
    width = len(trace.weights)
    products = " + ".join(
        f"{_factor(w)} · {_factor(x)}" for w, x in zip(trace.weights, trace.inputs[place : place + width], strict=True)
    )
    return f"Steps {place + 1} to {place + width} are under the window: {products} = {number(trace.outputs[place])}."


def _factor(value: float) -> str:
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def window(trace: WindowTrace, place: int) -> Picture:
    """Draw the window at one of its places (counted from 0) on the sequence, and the sums at all of them."""
    return Picture(patched(window_figure(trace), window_patch(trace, place)), describe_window(trace, place))
