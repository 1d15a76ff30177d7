"""One number for each network and seed: the median, and the seeds around it."""

import statistics
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, new_figure


def by_seed_figure(results: Mapping[str, Sequence[float]], title: str) -> go.Figure:
    """Draw the figure of `by_seed`."""
    names = list(results)
    figure = new_figure(90 + 40 * len(names), margin={"l": 220, "r": 24, "t": 16, "b": 44})
    figure.add_bar(
        x=[statistics.median(results[name]) for name in names],
        y=list(range(len(names))),
        orientation="h",
        marker={"color": CATEGORICAL[0]},
        width=0.5,
        customdata=names,
        hovertemplate="%{customdata}: median %{x}<extra></extra>",
    )
    # side by side, so that seeds of equal result do not hide each other
    for index, name in enumerate(names):
        places = index + np.linspace(-0.2, 0.2, len(results[name]))
        figure.add_scatter(
            x=list(results[name]),
            y=places,
            mode="markers",
            marker={"color": HIGHLIGHT, "size": 7, "line": {"width": 1, "color": "white"}},
            hovertemplate="%{x}<extra>one seed</extra>",
        )
    # not a category axis: the dots lie between the rows, and it would give them rows of their own
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.5, -0.5])
    return figure.update_xaxes(title=title, rangemode="tozero")


def describe_by_seed(results: Mapping[str, Sequence[float]]) -> str:
    """Say for each network the median and the span over the seeds, to two decimals."""
    sentences = []
    for name, values in results.items():
        median, least, most = _short(statistics.median(values)), _short(min(values)), _short(max(values))
        sentences.append(f"{name}: {median} ({least} to {most} over {len(values)} seeds).")
    return " ".join(sentences)


def _short(value: float) -> str:
    return f"{round(value, 2):g}"


def by_seed(results: Mapping[str, Sequence[float]], title: str) -> Picture:
    """Draw a bar to the median over the seeds for each network, and a dot for each seed; title says what of."""
    return Picture(by_seed_figure(results, title), describe_by_seed(results))
