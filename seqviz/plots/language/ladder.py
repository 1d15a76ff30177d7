"""Language models on one axis: how good each is, and how long it took to make."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, INK, new_figure, number

Point = tuple[float, float]  # seconds, bits for each character


def ladder_figure(counted: Mapping[str, Point], trained: Mapping[str, Sequence[Point]]) -> go.Figure:
    """Draw the figure of `ladder`."""
    figure = new_figure(
        420,
        xaxis={"type": "log", "title": "seconds to make it"},
        yaxis={"title": "bits for each character"},
        showlegend=True,
        legend={"orientation": "h", "y": 1.14, "x": 0},
    )
    seconds = [point[0] for curve in (counted.values(), *trained.values()) for point in curve]
    for bits in (point[1] for point in counted.values()):
        figure.add_scatter(
            x=[min(seconds), max(seconds)],
            y=[bits, bits],
            mode="lines",
            line={"color": "rgba(128,128,128,0.35)", "width": 1},
            showlegend=False,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[point[0] for point in counted.values()],
        y=[point[1] for point in counted.values()],
        mode="markers+text",
        text=list(counted),
        textposition="bottom center",
        textfont={"color": INK, "size": 11},
        marker={"color": CATEGORICAL[1], "size": 10, "symbol": "diamond"},
        name="counted",
    )
    for (name, curve), color, dash in zip(trained.items(), (CATEGORICAL[0], *CATEGORICAL[2:]), DASHES, strict=False):
        figure.add_scatter(
            x=[point[0] for point in curve],
            y=[point[1] for point in curve],
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2.5},
            name=name,
        )
    return figure


def describe_ladder(counted: Mapping[str, Point], trained: Mapping[str, Sequence[Point]]) -> str:
    """Say how good every model is at the end, the best first, and how long each took."""
    reached = dict(counted) | {name: curve[-1] for name, curve in trained.items()}
    ranked = sorted(reached.items(), key=lambda item: item[1][1])
    said = ", ".join(f"{name} {number(bits)} bits in {number(seconds, '.2g')} s" for name, (seconds, bits) in ranked)
    return f"Bits for each character, the best first: {said}."


def ladder(counted: Mapping[str, Point], trained: Mapping[str, Sequence[Point]]) -> Picture:
    """Draw counted models as points and trained ones as curves: (seconds, bits for each character) of each.

    A thin line across the picture marks the level of every counted model: where a curve rests, look which it is.
    """
    return Picture(ladder_figure(counted, trained), describe_ladder(counted, trained))
