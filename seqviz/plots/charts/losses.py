"""Learning curves."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import DASHES, new_figure


def smoothed(losses: Sequence[float], window: int) -> np.ndarray:
    """Mean over the last ``window`` steps, over fewer at the start."""
    sums = np.cumsum(losses)
    counts = np.minimum(np.arange(1, len(sums) + 1), window)
    sums[window:] -= sums[:-window].copy()
    return sums / counts


def losses_figure(
    losses: Mapping[str, Sequence[float]], window: int = 1, unit: str = "loss (nats per step)"
) -> go.Figure:
    """Draw the figure of `losses`."""
    figure = new_figure(300, showlegend=len(losses) > 1, legend={"orientation": "h", "y": 1.12})
    for index, (name, values) in enumerate(losses.items()):
        y = smoothed(values, window)
        figure.add_scatter(y=y, name=name, mode="lines", line={"width": 2, "dash": DASHES[index % len(DASHES)]})
    return figure.update_xaxes(title="training step").update_yaxes(title=unit)


def describe_losses(losses: Mapping[str, Sequence[float]], window: int = 1) -> str:
    """Say where each curve starts and ends."""
    curves = {name: smoothed(values, window) for name, values in losses.items()}
    return " ".join(f"{name}: {_course(y)}." for name, y in curves.items())


def _course(y: np.ndarray) -> str:
    if (y == y[0]).all():
        return f"{y[0]:.2f} throughout"
    return f"from {y[0]:.2f} to {y[-1]:.2f} in {len(y)} steps"


def losses(losses: Mapping[str, Sequence[float]], window: int = 1, unit: str = "loss (nats per step)") -> Picture:
    """Draw one learning curve for each name, averaged over the last ``window`` steps."""
    return Picture(losses_figure(losses, window, unit), describe_losses(losses, window))
