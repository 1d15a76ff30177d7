"""How far back each network has learnt to look."""

import statistics
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, new_figure


def longest_lag_figure(reached: Mapping[str, Sequence[float]], title: str = "longest sequence learnt") -> go.Figure:
    """Draw the figure of `longest_lag`."""
    names = list(reached)
    figure = new_figure(90 + 40 * len(names), margin={"l": 220, "r": 24, "t": 16, "b": 44})
    figure.add_bar(
        x=[statistics.median(reached[name]) for name in names],
        y=list(range(len(names))),
        orientation="h",
        marker={"color": CATEGORICAL[0]},
        width=0.5,
        customdata=names,
        hovertemplate="%{customdata}: median %{x}<extra></extra>",
    )
    # seeds of the same result lie side by side, not on each other
    for index, name in enumerate(names):
        places = index + np.linspace(-0.2, 0.2, len(reached[name]))
        figure.add_scatter(
            x=list(reached[name]),
            y=places,
            mode="markers",
            marker={"color": HIGHLIGHT, "size": 7, "line": {"width": 1, "color": "white"}},
            hovertemplate="%{x}<extra>one seed</extra>",
        )
    # a category axis would give the dots, which lie between the rows, rows of their own
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.5, -0.5])
    return figure.update_xaxes(title=title, rangemode="tozero")


def describe_longest_lag(reached: Mapping[str, Sequence[float]]) -> str:
    """Say for each network the median and the span over the seeds: steps as they are, shares to two decimals."""
    sentences = []
    for name, values in reached.items():
        median, least, most = (
            f"{round(value, 2):g}" for value in (statistics.median(values), min(values), max(values))
        )
        sentences.append(f"{name}: {median} ({least} to {most} over {len(values)} seeds).")
    return " ".join(sentences)


def longest_lag(reached: Mapping[str, Sequence[float]], title: str = "longest sequence learnt") -> Picture:
    """Draw a bar to the median over the seeds for each network, and a dot for each seed."""
    return Picture(longest_lag_figure(reached, title), describe_longest_lag(reached))
