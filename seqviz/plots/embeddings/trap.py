"""How often analogies come out right, with and without the words of the question, over how often they are said."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, new_figure

Curves = Mapping[str, Sequence[float]]  # share of right answers at each share of sentences


def trap_figure(shares: Sequence[float], curves: Curves) -> go.Figure:
    """Draw the figure of `trap`."""
    figure = new_figure(
        380,
        xaxis={
            "type": "log",
            "title": "share of the sentences that say his or her",
            "tickvals": list(shares),
            "ticktext": [f"{share:.0%}" for share in shares],
        },
        yaxis={"range": [-0.04, 1.04], "tickformat": ".0%", "title": "analogies right"},
        showlegend=True,
        legend={"orientation": "h", "y": 1.14, "x": 0},
    )
    for (name, right), color, dash in zip(curves.items(), CATEGORICAL, DASHES, strict=False):
        _expect_fit(shares, right)
        figure.add_scatter(
            x=list(shares),
            y=list(right),
            name=name,
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2.5},
            marker={"size": 9},
            hovertemplate="%{x:.0%} of the sentences: %{y:.0%}<extra></extra>",
        )
    return figure


def _expect_fit(shares: Sequence[float], right: Sequence[float]) -> None:
    if len(shares) != len(right):
        raise ValueError(f"expected {len(shares)} answers, one for each share, got {len(right)}")


def describe_trap(shares: Sequence[float], curves: Curves) -> str:
    """Read every curve, the largest share first."""
    order = sorted(range(len(shares)), key=lambda i: -shares[i])
    lines = []
    for name, right in curves.items():
        _expect_fit(shares, right)
        said = ", ".join(f"{right[i]:.0%} at {shares[i]:.0%}" for i in order)
        lines.append(f"{name}: {said}.")
    return f"Analogies right, by the share of sentences that say the gender. {' '.join(lines)}"


def trap(shares: Sequence[float], curves: Curves) -> Picture:
    """Draw one curve for each way to ask. Raises ValueError where a curve has not one point for each share."""
    return Picture(trap_figure(shares, curves), describe_trap(shares, curves))
