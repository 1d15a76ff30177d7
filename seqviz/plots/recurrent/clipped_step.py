"""A gradient of two entries, clipped by its norm and by value: which way the step goes."""

import math
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, INK, new_figure, number

Pair = tuple[float, float]


@dataclass(frozen=True)
class ClippedStep:
    """What is left of a gradient, and the angle in degrees by which clipping by value turns it."""

    by_norm: Pair
    by_value: Pair
    angle: float


def gather_clipped_step(gradient: Pair, limit: float) -> ClippedStep:
    """Clip one gradient in both ways."""
    x, y = gradient
    factor = min(1.0, limit / math.hypot(x, y))
    by_value = (max(-limit, min(limit, x)), max(-limit, min(limit, y)))
    turned = math.degrees(math.atan2(by_value[1], by_value[0]) - math.atan2(y, x))
    return ClippedStep((factor * x, factor * y), by_value, abs((turned + 180) % 360 - 180))


def clipped_step_figure(gradient: Pair, limit: float) -> go.Figure:
    """Draw the figure of `clipped_step`."""
    step, reach = gather_clipped_step(gradient, limit), 1.5 * limit
    figure = new_figure(360, showlegend=True, legend={"orientation": "h", "y": 1.14})
    angles = np.linspace(0, 2 * np.pi, 181)
    corners = limit * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    for name, x, y, line in (
        ("norm at the limit", limit * np.cos(angles), limit * np.sin(angles), {"color": CATEGORICAL[0], "width": 1}),
        ("largest entry at the limit", *corners.T, {"color": CATEGORICAL[1], "width": 1}),
        ("the gradient", [0, gradient[0]], [0, gradient[1]], {"color": INK, "width": 2, "dash": "dot"}),
    ):
        figure.add_scatter(x=x, y=y, name=name, mode="lines", line=line, hoverinfo="skip")
    for name, (x, y), color in (
        ("clipped by norm", step.by_norm, CATEGORICAL[0]),
        ("clipped by value", step.by_value, CATEGORICAL[1]),
    ):
        figure.add_scatter(
            x=[0, x],
            y=[0, y],
            name=name,
            mode="lines+markers",
            line={"color": color, "width": 4},
            marker={"symbol": "arrow", "angleref": "previous", "size": [0, 15], "color": color, "opacity": 1},
            hovertemplate=f"{name}: (%{{x:.2f}}, %{{y:.2f}})<extra></extra>",
        )
    (x0, y0), (x1, y1) = step.by_norm, step.by_value
    figure.add_annotation(x=0.4 * (x0 + x1), y=0.4 * (y0 + y1), text=f"{step.angle:.0f}°", showarrow=False)
    figure.update_xaxes(title="entry 1", range=[-0.3 * limit, reach])
    return figure.update_yaxes(title="entry 2", range=[-0.3 * limit, 1.2 * limit], scaleanchor="x")


def describe_clipped_step(gradient: Pair, limit: float) -> str:
    """Say what each way leaves of the gradient, and by how much clipping by value turns it."""
    step = gather_clipped_step(gradient, limit)
    pairs = [f"({number(x)}, {number(y)})" for x, y in (step.by_norm, step.by_value)]
    return (
        f"The gradient ({gradient[0]:g}, {gradient[1]:g}), clipped to {limit:g}: by norm {pairs[0]}, the same "
        f"direction; by value {pairs[1]}, turned by {step.angle:.0f}°."
    )


def clipped_step(gradient: Pair, limit: float) -> Picture:
    """Draw a gradient of two entries and what either way of clipping leaves of it."""
    return Picture(clipped_step_figure(gradient, limit), describe_clipped_step(gradient, limit))
