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
    figure = _layout(trace)
    _add_map(figure, trace)
    add_frame(figure, (-0.5, len(trace.readers) - 0.5))
    _add_bars(figure, trace)
    return figure


def _layout(trace: DirectionsTrace) -> go.Figure:
    """Return an empty figure: the map above, the bars of one step below."""
    readers, steps, tags = trace.probabilities.shape
    level = steps <= 9 or max(map(len, trace.tokens)) == 1
    return new_figure(
        430,
        margin={"l": 56, "r": 16, "t": 24, "b": 36},
        barmode="group",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 0.47, "yanchor": "bottom", "itemclick": False},
        xaxis={
            "range": [0.5, steps + 0.5],
            "tickvals": list(range(1, steps + 1)),
            "ticktext": [visible(token) for token in trace.tokens],
            "tickangle": 0 if level else -30,
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


def _add_map(figure: go.Figure, trace: DirectionsTrace) -> None:
    """Add how sure each reader is that there is something, and in every cell the likeliest tag."""
    readers, steps, _ = trace.probabilities.shape
    figure.add_heatmap(
        x0=1,
        z=trace.something,
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        xgap=2,
        ygap=2,
        colorbar={"y": 0.81, "len": 0.42, "thickness": 10, "tickvals": [0, 1], "tickformat": ".0%"},
        hovertemplate=f"%{{y}}, step %{{x:d}}: not {trace.tags[0]} %{{z:.0%}}<extra></extra>",
    )
    texts, inks = _marks(trace)
    figure.add_scatter(
        x=np.tile(np.arange(1, steps + 1), readers),
        y=np.repeat(np.arange(readers), steps),
        text=texts,
        mode="text",
        textfont={"color": inks, "size": 11},
        hoverinfo="skip",
        showlegend=False,
    )


def _add_bars(figure: go.Figure, trace: DirectionsTrace) -> None:
    tags = len(trace.tags)
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


def _marks(trace: DirectionsTrace) -> tuple[list[str], list[str]]:
    """Return every cell's likeliest tag, if it says something and there is room, and an ink that stands out."""
    readers, steps, _ = trace.probabilities.shape
    cells = [(reader, step) for reader in range(readers) for step in range(steps)]
    best = [trace.best(reader, step) for reader, step in cells]
    shown = ["" if tag == trace.tags[0] or steps > READABLE else tag for tag in best]
    # Cividis is dark below about a half: white stands out there
    inks = ["#ffffff" if trace.something[cell] < 0.47 else "#000000" for cell in cells]
    return shown, inks


def directions_patch(trace: DirectionsTrace, step: int) -> Patch:
    """What follows the selected step: the frame around its column, and the bars."""
    bars = {f"reader-{reader}.y": trace.probabilities[reader, step] for reader in range(len(trace.readers))}
    return {"frame.x": around(step + 1, step + 1), **bars}


def describe_directions(trace: DirectionsTrace, step: int) -> str:
    """Say the likeliest tag of every reader at a step, and its probability."""
    said = []
    for number, reader in enumerate(trace.readers):
        tag = trace.best(number, step)
        said.append(f"{reader} says {tag} ({trace.probabilities[number, step].max():.0%})")
    return f"Step {step + 1} of {len(trace.tokens)}, “{visible(trace.tokens[step])}”: {'; '.join(said)}."


def directions_levels(trace: DirectionsTrace, reader: int) -> np.ndarray:
    """One reader's probability, step by step, that there is something; the same row for every selection."""
    return np.tile(trace.something[reader], (len(trace.tokens), 1))


def directions(trace: DirectionsTrace, step: int) -> Picture:
    """Draw what every reader believes, and its probabilities at ``step`` (counted from 0)."""
    return Picture(patched(directions_figure(trace), directions_patch(trace, step)), describe_directions(trace, step))
