"""A table of counts as products of vectors: the longer they are, the more exact, and the less they guess."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, DIVERGING, HIGHLIGHT, INK, add_mark, new_figure, number
from seqviz.traces.embeddings.records import CooccurrenceTrace


def cooccurrence_figure(trace: CooccurrenceTrace) -> go.Figure:
    """Draw the table's axes, and beside it the entry of the hidden pair as vectors of every length have it."""
    rows, columns = trace.rows, trace.columns
    most = float(max(np.nanmax(trace.table), np.nan_to_num(trace.truth)))
    low, high = _range(trace)
    figure = new_figure(
        470,
        xaxis={
            "domain": [0, 0.6],
            "range": [-0.5, len(columns) - 0.5],
            "tickvals": list(range(len(columns))),
            "ticktext": list(columns),
            "tickangle": -45,
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={
            "range": [len(rows) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": list(rows),
            "showgrid": False,
            "zeroline": False,
        },
        xaxis2={
            "domain": [0.74, 1],
            "anchor": "y2",
            "range": [-0.5, len(trace.sizes) - 0.5],
            "tickvals": list(range(len(trace.sizes)))[::3],
            "tickangle": 0,
            "ticktext": [str(size) for size in trace.sizes[::3]],
            "title": "numbers in a vector",
        },
        yaxis2={"anchor": "x2", "range": [low, high], "title": trace.unit},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )
    figure.add_heatmap(
        uid="table",
        z=np.zeros_like(trace.table),
        colorscale=DIVERGING,
        zmin=-most,
        zmax=most,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="%{y}, %{x}: %{z:.2f}<extra></extra>",
    )
    place = hidden_place(trace)
    if place is not None:
        _add_hidden(figure, trace, place)
    add_mark(figure, (low, high), xaxis="x2", yaxis="y2")
    return figure


def hidden_place(trace: CooccurrenceTrace) -> tuple[int, int] | None:
    """Return the row and the column of the hidden pair, or None."""
    if trace.hidden is None:
        return None
    return trace.rows.index(trace.hidden[0]), trace.columns.index(trace.hidden[1])


def _range(trace: CooccurrenceTrace) -> tuple[float, float]:
    """Return the ends of the right axis: they hold the course of the hidden pair, and what it would have been."""
    place = hidden_place(trace)
    course = np.zeros(1) if place is None else trace.products[:, place[0], place[1]]
    values = np.append(course, [0.0, np.nan_to_num(trace.truth)])
    room = 0.08 * max(float(np.ptp(values)), 1e-9)
    return float(values.min()) - room, float(values.max()) + room


def _add_hidden(figure: go.Figure, trace: CooccurrenceTrace, place: tuple[int, int]) -> None:
    """Add a frame around the hidden cell, and its course over the sizes."""
    row, column = place
    x, y = np.array([-0.5, 0.5, 0.5, -0.5, -0.5]), np.array([-0.5, -0.5, 0.5, 0.5, -0.5])
    outline = {"color": HIGHLIGHT, "width": 3}
    figure.add_scatter(x=column + x, y=row + y, mode="lines", line=outline, showlegend=False, hoverinfo="skip")
    steps = np.arange(len(trace.sizes))
    for name, values, color, dash in (
        ("what the vectors say", trace.products[:, row, column], CATEGORICAL[0], "solid"),
        ("had it been counted", np.full(len(steps), trace.truth), INK, DASHES[1]),
    ):
        figure.add_scatter(
            x=steps,
            y=values,
            xaxis="x2",
            yaxis="y2",
            mode="lines",
            name=name,
            line={"color": color, "dash": dash, "width": 2.5},
            hovertemplate="%{y:.2f}<extra></extra>",
        )


def cooccurrence_patch(trace: CooccurrenceTrace, size: int) -> Patch:
    """What follows the length of the vectors: the table that their products make, and the mark."""
    return {"table.z": trace.products[size], "mark.x": [size, size]}


def describe_cooccurrence(trace: CooccurrenceTrace, size: int) -> str:
    """Say how near the products come to the table, and what they say of the hidden pair."""
    off = np.sqrt(np.mean((trace.products[size] - trace.table) ** 2))
    numbers = "1 number" if trace.sizes[size] == 1 else f"{trace.sizes[size]} numbers"
    said = f"Vectors of {numbers}: their products miss the table's entries ({trace.unit}) by {number(off)} on average"
    place = hidden_place(trace)
    if trace.hidden is None or place is None:
        return f"{said}."
    guess = number(trace.products[size][place])
    pair = " and ".join(trace.hidden)
    return (
        f"{said}. Of {pair}, which they were told never meet, they say {guess}; counted, it is {number(trace.truth)}."
    )


def cooccurrence(trace: CooccurrenceTrace, size: int) -> Picture:
    """Draw the table that vectors of the size at this place (counted from 0) make, and the course of a hidden pair."""
    return Picture(
        patched(cooccurrence_figure(trace), cooccurrence_patch(trace, size)), describe_cooccurrence(trace, size)
    )
