"""A position as clocks, one for each frequency: their hands, the rows of the encoding, and how alike positions are."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import (
    CATEGORICAL,
    DIVERGING,
    HIGHLIGHT,
    INK,
    add_frame,
    around,
    in_one_trace,
    new_figure,
    number,
)
from seqviz.traces.self_attention.records import ClocksTrace

APART = 2.6  # from the middle of a clock to that of the next, in lengths of a hand
HERE, LATER = HIGHLIGHT, CATEGORICAL[0]
_CIRCLE = np.linspace(0, 2 * np.pi, 49)


def hands(trace: ClocksTrace, position: int) -> np.ndarray:
    """Return the tip of every clock's hand, [pair, across and up]: the sine and the cosine of the encoding."""
    p = trace.encoding[position]
    return np.stack([p[list(trace.first)], p[list(trace.second)]], 1)


def clocks_figure(trace: ClocksTrace) -> go.Figure:
    """Draw faces without hands, the encoding without a frame, and axes for the products."""
    figure = _layout(trace)
    _add_clocks(figure, len(trace.frequencies))
    figure.add_heatmap(
        z=trace.encoding.T,
        colorscale=DIVERGING,
        zmid=0,
        zmin=-1,
        zmax=1,
        showscale=False,
        xaxis="x2",
        yaxis="y2",
        hovertemplate="position %{x}, %{y}: %{z:.2f}<extra></extra>",
    )
    last = len(trace.encoding[0]) - 0.5
    for uid, color in (("here", HERE), ("later", LATER)):
        add_frame(figure, (-0.5, last), f"frame-{uid}", xaxis="x2", yaxis="y2")
        figure.update_traces(line={"color": color}, selector={"uid": f"frame-{uid}"})
    _add_products(figure, trace)
    return figure


def _layout(trace: ClocksTrace) -> go.Figure:
    """Return an empty figure: clocks above the encoding, above the products."""
    pairs, (count, columns) = len(trace.frequencies), trace.encoding.shape
    across = {"range": [-0.5, count - 0.5], "tickvals": list(range(0, count, 8)), "showgrid": False, "zeroline": False}
    hidden = {"showticklabels": False, "showgrid": False, "zeroline": False, "ticks": "", "constrain": "domain"}
    names = {column: f"sin {i + 1}" for i, column in enumerate(trace.first)}
    names |= {column: f"cos {i + 1}" for i, column in enumerate(trace.second)}
    top = pairs * 1.1
    return new_figure(
        600,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 56, "r": 16, "t": 40, "b": 44},
        xaxis={**hidden, "range": [-1.3, (pairs - 1) * APART + 1.3], "anchor": "y"},
        yaxis={**hidden, "range": [-1.75, 1.15], "domain": [0.76, 1], "scaleanchor": "x"},
        xaxis2={**across, "anchor": "y2", "showticklabels": False},
        yaxis2={
            "range": [columns - 0.5, -0.5],
            "domain": [0.32, 0.72],
            "tickvals": list(range(columns)),
            "ticktext": [names[column] for column in range(columns)],
            "anchor": "x2",
            "showgrid": False,
            "zeroline": False,
        },
        xaxis3={**across, "matches": "x2", "anchor": "y3", "title": "position"},
        yaxis3={
            "range": [-top, top],
            "domain": [0, 0.27],
            "anchor": "x3",
            "title": {"text": "p<sub>t</sub> · p<sub>j</sub>", "standoff": 4},
            "nticks": 5,
        },
    )


def _add_clocks(figure: go.Figure, pairs: int) -> None:
    """Add the faces, and hands that point up."""
    middles = APART * np.arange(pairs)
    faces = [list(zip(middle + np.sin(_CIRCLE), np.cos(_CIRCLE), strict=True)) for middle in middles]
    x, y = in_one_trace(faces)
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": INK, "width": 1}, hoverinfo="skip", showlegend=False)
    figure.add_scatter(
        x=middles,
        y=[-1.45] * pairs,
        mode="text",
        text=[f"{i + 1}" for i in range(pairs)],
        textfont={"color": INK},
        hoverinfo="skip",
        showlegend=False,
    )
    for uid, name, color, width in (("later", "s steps later", LATER, 3), ("here", "position t", HERE, 4)):
        x, y = in_one_trace([[(middle, 0.0), (middle, 1.0)] for middle in middles])
        figure.add_scatter(
            uid=f"hands-{uid}",
            x=x,
            y=y,
            mode="lines",
            line={"color": color, "width": width},
            name=name,
            hoverinfo="skip",
        )


def _add_products(figure: go.Figure, trace: ClocksTrace) -> None:
    """Add the curve of products, and a mark at either position."""
    count = len(trace.encoding)
    axes = {"xaxis": "x3", "yaxis": "y3", "showlegend": False}
    figure.add_scatter(
        uid="products",
        x=np.arange(count),
        y=np.zeros(count),
        mode="lines",
        line={"color": INK, "width": 2},
        hovertemplate="with position %{x}: %{y:.2f}<extra></extra>",
        **axes,
    )
    for uid, color, symbol in (("later", LATER, "diamond"), ("here", HERE, "circle")):
        marker = {"color": color, "size": 10, "symbol": symbol}
        figure.add_scatter(uid=f"product-{uid}", x=[0], y=[0], mode="markers", marker=marker, hoverinfo="skip", **axes)


def clocks_patch(trace: ClocksTrace, position: int) -> Patch:
    """What follows the hand: both hands of every clock, both frames, the curve and its marks."""
    patch = {"products.y": trace.products[position]}
    middles = APART * np.arange(len(trace.frequencies))
    for uid, at in (("here", position), ("later", position + trace.steps)):
        tips = hands(trace, at)
        gaps = np.full(len(middles), np.nan)
        patch |= {
            f"hands-{uid}.x": np.stack([middles, middles + tips[:, 0], gaps], 1).ravel(),
            f"hands-{uid}.y": np.stack([np.zeros(len(middles)), tips[:, 1], gaps], 1).ravel(),
            f"frame-{uid}.x": around(at, at),
            f"product-{uid}.x": [at],
            f"product-{uid}.y": [float(trace.products[position, at])],
        }
    return patch


def describe_clocks(trace: ClocksTrace, position: int) -> str:
    """Say where the hands stand, what turns and what stays."""
    later = position + trace.steps
    turns = ", ".join(f"{np.degrees(trace.steps * omega):.0f}°" for omega in trace.frequencies)
    first = np.degrees(position * trace.frequencies[[0, -1]]) % 360
    return (
        f"Position t = {position}: the fastest hand stands at {first[0]:.0f}°, the slowest at {first[1]:.0f}°, "
        f"clockwise from the top. From t to t + {trace.steps} = {later} the hands turn by {turns}, wherever t is; "
        f"and the product of the two encodings is {number(float(trace.products[position, later]))}, wherever t is."
    )


def clocks(trace: ClocksTrace, position: int = 0) -> Picture:
    """Draw a position, and the one so many steps later, as clocks, columns and points of the curve."""
    return Picture(patched(clocks_figure(trace), clocks_patch(trace, position)), describe_clocks(trace, position))
