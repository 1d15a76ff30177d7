"""Where a unit without input can rest, and where it is after so many steps."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, new_figure, number


@dataclass(frozen=True, eq=False)
class RestPoints:
    """The places where h = sigmoid(w h + b), as b over h; where they repel; the b between which there are three."""

    h: Float[np.ndarray, " points"]
    b: Float[np.ndarray, " points"]
    factor: Float[np.ndarray, " points"]
    between: tuple[float, float] | None


def gather_rest_points(w: float, points: int = 401) -> RestPoints:
    r"""Solve h = sigmoid(w h + b) for b, along h.

    $$b = \log\frac{h}{1 - h} - w h \qquad \text{factor} = w\, h (1 - h)$$

    where a rest point attracts if its factor is below 1. For w > 4 the curve turns twice, where the factor is 1.
    """
    h = np.linspace(0.002, 0.998, points)
    b = np.log(h / (1 - h)) - w * h
    between = None
    if w > 4:
        turns = 0.5 + np.array([1, -1]) * np.sqrt(0.25 - 1 / w)
        low, high = np.log(turns / (1 - turns)) - w * turns
        between = float(low), float(high)
    return RestPoints(h, b, w * h * (1 - h), between)


def rest_points_figure(
    w: float, b: Float[np.ndarray, " walks"], reached: Float[np.ndarray, " walks"], steps: int
) -> go.Figure:
    """Draw the figure of `rest_points`."""
    rest = gather_rest_points(w)
    low, high = float(np.min(b)), float(np.max(b))
    figure = new_figure(340, showlegend=True, legend={"orientation": "h", "y": 1.14})
    attracts = rest.factor < 1
    for name, chosen, line in (
        ("attracts", attracts, {"color": CATEGORICAL[0], "width": 3}),
        ("repels", ~attracts, {"color": HIGHLIGHT, "width": 2, "dash": "dash"}),
    ):
        x = np.where(chosen, rest.b, np.nan)
        figure.add_scatter(x=x, y=rest.h, name=name, mode="lines", line=line, hoverinfo="skip")
    figure.add_scatter(
        x=b,
        y=reached,
        name=f"h<sub>{steps}</sub>",
        mode="markers",
        marker={"size": 8, "symbol": "circle-open", "color": CATEGORICAL[2], "line": {"width": 2}},
        hovertemplate=f"b = %{{x:.3f}}: h<sub>{steps}</sub> = %{{y:.3f}}<extra></extra>",
    )
    for edge in rest.between or ():
        figure.add_vline(x=edge, line={"dash": "dot", "width": 1.5, "color": INK})
    figure.update_xaxes(title="b", range=[low, high], zeroline=False)
    return figure.update_yaxes(title="h", range=[0, 1])


def describe_rest_points(
    w: float, b: Float[np.ndarray, " walks"], reached: Float[np.ndarray, " walks"], steps: int
) -> str:
    """Say between which b there are two places to rest, and where the state jumps from one to the other."""
    rest = gather_rest_points(w)
    if rest.between is None:
        return f"w = {w:g}: one place to rest for every b."
    low, high = (number(edge, ".3f") for edge in rest.between)
    order = np.argsort(b)
    b, reached = np.asarray(b)[order], np.asarray(reached)[order]
    jump = int(np.diff(reached).argmax())
    return (
        f"w = {w:g}: two places that attract, and one between them that repels, for b from {low} to {high}; outside, "
        f"one. After {steps} steps the state is at {reached[jump]:.2f} for b = {number(b[jump], '.3f')} and at "
        f"{reached[jump + 1]:.2f} for b = {number(b[jump + 1], '.3f')}."
    )


def rest_points(w: float, b: Float[np.ndarray, " walks"], reached: Float[np.ndarray, " walks"], steps: int) -> Picture:
    """Draw the rest points of h = sigmoid(w h + b) over b, and the state ``reached`` after so many steps at each b."""
    return Picture(rest_points_figure(w, b, reached, steps), describe_rest_points(w, b, reached, steps))
