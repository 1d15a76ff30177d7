"""What models reach, beside the best that any model could."""

from collections.abc import Mapping
from typing import NamedTuple

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, new_figure


class Reached(NamedTuple):
    """A score from 0 to 1 and its ceiling."""

    score: float
    ceiling: float


def ceilings_figure(rows: Mapping[str, Reached], *, unit: str, start: float = 0.0) -> go.Figure:
    """Draw the figure of `ceilings`."""
    _expect_inside(rows, start)
    names = list(rows)
    figure = new_figure(
        90 + 44 * len(rows), showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    )
    figure.update_yaxes(
        tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.5, -0.5], showgrid=False, zeroline=False
    )
    figure.update_xaxes(range=[start, 1 + (1 - start) * 0.04], tickformat=".0%", title=unit)
    figure.add_bar(
        x=[reached.score - start for reached in rows.values()],
        base=start,
        y=list(range(len(names))),
        orientation="h",
        name="reached",
        marker={"color": CATEGORICAL[0]},
        customdata=[reached.score for reached in rows.values()],
        hovertemplate="%{customdata:.2%}<extra></extra>",
    )
    figure.add_scatter(
        x=[reached.ceiling for reached in rows.values()],
        y=list(range(len(names))),
        mode="markers",
        name="ceiling: the best any model of this kind can do",
        marker={"symbol": "line-ns", "size": 26, "line": {"color": HIGHLIGHT, "width": 4}},
        hovertemplate="ceiling %{x:.2%}<extra></extra>",
        cliponaxis=False,
    )
    return figure


def describe_ceilings(rows: Mapping[str, Reached], *, unit: str, start: float = 0.0) -> str:
    """Read the bars row by row."""
    _expect_inside(rows, start)
    said = [f"{name} {reached.score:.1%} of at most {reached.ceiling:.1%}" for name, reached in rows.items()]
    return f"{unit[0].upper()}{unit[1:]}: {'; '.join(said)}."


def _expect_inside(rows: Mapping[str, Reached], start: float) -> None:
    for name, reached in rows.items():
        if not all(start <= value <= 1 + 1e-9 for value in reached):
            raise ValueError(f"{name}: expected score and ceiling in {start} … 1, got {tuple(reached)}")


def ceilings(rows: Mapping[str, Reached], *, unit: str, start: float = 0.0) -> Picture:
    """Draw a bar for each score and a mark at its ceiling, on an axis from ``start`` to 1.

    Raises ValueError for a score or ceiling outside that range.
    """
    return Picture(ceilings_figure(rows, unit=unit, start=start), describe_ceilings(rows, unit=unit, start=start))
