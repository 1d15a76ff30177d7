"""What readers of different directions believe at every step of a sequence."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, SEQUENTIAL, add_frame, around, new_figure, visible
from seqviz.traces.stacked.records import DirectionsTrace

READABLE = 16  # with more steps the columns are too narrow for a tag in each


def directions_figure(trace: DirectionsTrace) -> go.Figure:
    """Draw a row per reader and a column per step, lighter where it sees something, above empty bars for every tag."""
    readers, steps, tags = trace.probabilities.shape
    figure = new_figure(
        430,
        margin={"l": 56, "r": 16, "t": 24, "b": 36},
        barmode="group",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 0.47, "yanchor": "bottom", "itemclick": False},
        xaxis={
            "range": [-0.5, steps - 0.5],
            "tickvals": list(range(steps)),
            "ticktext": [visible(token) for token in trace.tokens],
            "tickangle": 0 if steps <= 9 or max(map(len, trace.tokens)) == 1 else -30,
            "tickfont": {"size": 12 if steps <= READABLE else 10},
            "side": "top",
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={
            "domain": [0.62, 1],
            "range": [readers - 0.5, -0.5],
            "tickvals": list(range(readers)),
            "ticktext": list(trace.readers),
            "showgrid": False,
            "zeroline": False,
        },
        xaxis2={"anchor": "y2", "range": [-0.5, tags - 0.5], "tickvals": list(range(tags)), "ticktext": trace.tags},
        yaxis2={"anchor": "x2", "domain": [0, 0.42], "range": [0, 1.02], "title": "probability", "tickformat": ".0%"},
    )
    figure.add_heatmap(
        z=trace.something,
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        xgap=2,
        ygap=2,
        colorbar={"y": 0.81, "len": 0.42, "thickness": 10, "tickvals": [0, 1], "tickformat": ".0%"},
        hovertemplate=f"%{{y}}, step %{{x}}: not {trace.tags[0]} %{{z:.0%}}<extra></extra>",
    )
    texts, inks = _marks(trace)
    figure.add_scatter(
        x=np.tile(np.arange(steps), readers),
        y=np.repeat(np.arange(readers), steps),
        text=texts,
        mode="text",
        textfont={"color": inks, "size": 11},
        hoverinfo="skip",
        showlegend=False,
    )
    add_frame(figure, (-0.5, readers - 0.5))
    for number, reader in enumerate(trace.readers):
        figure.add_bar(
            uid=f"reader-{number}",
            x=list(range(tags)),
            y=np.zeros(tags),
            name=reader,
            marker={"color": CATEGORICAL[number]},
            xaxis="x2",
            yaxis="y2",
            hovertemplate="%{y:.1%}",
        )
    return figure


def _marks(trace: DirectionsTrace) -> tuple[list[str], list[str]]:
    """Return the likeliest tag of every cell, unless it says nothing or there is no room, and an ink to read it by."""
    readers, steps, _ = trace.probabilities.shape
    cells = [(reader, step) for reader in range(readers) for step in range(steps)]
    best = [trace.best(reader, step) for reader, step in cells]
    shown = ["" if tag == trace.tags[0] or steps > READABLE else tag for tag in best]
    # below about a half the lightness of Cividis asks for white
    inks = ["#ffffff" if trace.something[cell] < 0.47 else "#000000" for cell in cells]
    return shown, inks


def directions_patch(trace: DirectionsTrace, step: int) -> Patch:
    """What follows the selected step: the frame around its column, and the bars."""
    bars = {f"reader-{reader}.y": trace.probabilities[reader, step] for reader in range(len(trace.readers))}
    return {"frame.x": around(step, step), **bars}


def describe_directions(trace: DirectionsTrace, step: int) -> str:
    """Say what every reader finds likeliest at a step, and how sure it is."""
    said = []
    for number, reader in enumerate(trace.readers):
        tag = trace.best(number, step)
        said.append(f"{reader} says {tag} ({trace.probabilities[number, step].max():.0%})")
    return f"Step {step + 1} of {len(trace.tokens)}, “{visible(trace.tokens[step])}”: {'; '.join(said)}."


def directions_levels(trace: DirectionsTrace, reader: int) -> np.ndarray:
    """How sure one reader is, step by step, that there is something: the same row for every selection."""
    return np.tile(trace.something[reader], (len(trace.tokens), 1))


def directions(trace: DirectionsTrace, step: int) -> Picture:
    """Draw what every reader believes, and its probabilities at ``step`` (counted from 0)."""
    return Picture(patched(directions_figure(trace), directions_patch(trace, step)), describe_directions(trace, step))
