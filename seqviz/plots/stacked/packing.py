"""A packed batch beside the padded one: which steps of which sequence are in its data."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, INK, listed, new_figure, visible
from seqviz.traces.stacked.records import PackingTrace

# a colour per sequence; black letters can be read on each
COLOURS = tuple(CATEGORICAL[place] for place in (1, 4, 3, 2, 6))
NAME = {"showarrow": False, "xanchor": "left"}


@dataclass(frozen=True)
class Entry:
    """One token: its place in the padded batch and in the packed data, all from 0."""

    token: str
    row: int
    step: int
    place: int


def gather_entries(trace: PackingTrace) -> list[Entry]:
    """Return the tokens in the order of the packed data."""
    places = zip(trace.rows.tolist(), trace.steps.tolist(), strict=True)
    return [Entry(visible(trace.sequences[row][step]), row, step, place) for place, (row, step) in enumerate(places)]


def packing(trace: PackingTrace) -> Picture:
    """Draw the padded batch, and below it the packed data in columns as wide as their batch size."""
    entries = gather_entries(trace)
    rows, steps = len(trace.sequences), len(trace.batch_sizes)
    figure = _layout(trace, rows, steps)
    gaps = 0.4 * np.array([entry.step for entry in entries])  # between the columns of two steps
    for row in range(rows):
        own = [entry for entry in entries if entry.row == row]
        colour = COLOURS[row % len(COLOURS)]
        _add_tokens(figure, [entry.step for entry in own], [row] * len(own), own, colour, "x", "y")
        _add_tokens(figure, [entry.place + gaps[entry.place] for entry in own], [0] * len(own), own, colour, "x2", "y2")
    _add_padding(figure, trace)
    _add_widths(figure, trace, gaps)
    return Picture(figure, describe_packing(trace))


def _layout(trace: PackingTrace, rows: int, steps: int) -> go.Figure:
    hidden = {"showgrid": False, "zeroline": False, "showticklabels": False, "fixedrange": True}
    width = len(trace.rows) + 0.4 * (steps - 1)
    return new_figure(
        210 + 40 * rows,
        margin={"l": 8, "r": 8, "t": 52, "b": 8},
        hovermode=False,
        xaxis=hidden
        | {
            "range": [-0.6, max(steps, width) - 0.4],
            "side": "top",
            "showticklabels": True,
            "tickvals": list(range(steps)),
            "ticktext": [str(step + 1) for step in range(steps)],
            "tickangle": 0,
        },
        yaxis=hidden | {"domain": [0.46, 1], "range": [rows - 0.4, -0.6]},
        xaxis2=hidden | {"anchor": "y2", "range": [-0.6, max(steps, width) - 0.4]},
        yaxis2=hidden | {"anchor": "x2", "domain": [0, 0.36], "range": [2.1, -1.1]},
    )


def _add_tokens(
    figure: go.Figure, x: list[float], y: list[int], entries: list[Entry], colour: str, xaxis: str, yaxis: str
) -> None:
    figure.add_scatter(
        x=x,
        y=y,
        text=[entry.token for entry in entries],
        mode="markers+text",
        marker={"symbol": "square", "size": 24, "color": colour, "line": {"color": INK, "width": 1}},
        textfont={"color": "#000000"},
        xaxis=xaxis,
        yaxis=yaxis,
    )


def _add_padding(figure: go.Figure, trace: PackingTrace) -> None:
    """Add an empty square for every place of the padded batch that holds nothing."""
    steps = len(trace.batch_sizes)
    holes = [(row, step) for row, one in enumerate(trace.sequences) for step in range(len(one), steps)]
    figure.add_scatter(
        x=[step for _, step in holes],
        y=[row for row, _ in holes],
        mode="markers",
        marker={"symbol": "square-open", "size": 24, "color": INK, "line": {"width": 1}},
        opacity=0.5,
    )


def _add_widths(figure: go.Figure, trace: PackingTrace, gaps: np.ndarray) -> None:
    """Add a line under the column of each step, and its batch size; the names of the three rows."""
    first = np.cumsum(trace.batch_sizes) - trace.batch_sizes
    left = first + gaps[first]
    right = left + trace.batch_sizes - 1
    gap = np.full(len(left), np.nan)
    figure.add_scatter(
        x=np.stack([left - 0.4, right + 0.4, gap], 1).ravel(),
        y=np.full(3 * len(left), 0.85),
        mode="lines",
        line={"color": INK, "width": 2},
        xaxis="x2",
        yaxis="y2",
    )
    figure.add_scatter(
        x=(left + right) / 2,
        y=np.full(len(left), 1.45),
        text=[str(size) for size in trace.batch_sizes],
        mode="text",
        xaxis="x2",
        yaxis="y2",
    )
    figure.add_annotation(x=-0.5, y=1, text="padded, step t", xref="x", yref="paper", yshift=40, **NAME)
    for y, name in ((-1.0, "data, step by step"), (2.0, "batch_sizes")):
        figure.add_annotation(x=-0.5, y=y, text=name, xref="x2", yref="y2", **NAME)


def describe_packing(trace: PackingTrace) -> str:
    """Say what each step holds, and what is left out."""
    entries = gather_entries(trace)
    steps = range(len(trace.batch_sizes))
    held = [f"{step + 1} holds {listed(e.token for e in entries if e.step == step)}" for step in steps]
    places = len(trace.sequences) * len(steps)
    padding = places - len(entries)
    sizes = ", ".join(map(str, trace.batch_sizes))
    return (
        f"Packed step by step: step {'; step '.join(held)}. batch_sizes is {sizes}. "
        f"Of the {places} places of the padded batch, {padding} {'is' if padding == 1 else 'are'} padding and left out."
    )
