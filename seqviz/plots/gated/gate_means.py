"""How open every unit's gate stands on average, before training and after."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, new_figure

Means = Float[np.ndarray, " unit"]
OPEN = 0.9  # from here on a unit keeps half of what it holds for seven steps and more


def gate_means_figure(means: Mapping[str, tuple[Means, Means]]) -> go.Figure:
    """Draw the figure of `gate_means`."""
    figure = new_figure(340, showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    for index, (name, pair) in enumerate(means.items()):
        for when, values, look in zip(("before", "after"), pair, ("dash", "solid"), strict=True):
            figure.add_scatter(
                x=np.arange(1, len(values) + 1),
                y=np.sort(values)[::-1],
                mode="lines" if when == "before" else "lines+markers",
                line={"color": CATEGORICAL[index], "dash": look, "width": 2},
                marker={"size": 7, "symbol": ("circle", "diamond", "square", "cross")[index % 4]},
                name=f"{name}, {when} training",
                hovertemplate="%{y:.2f}<extra>" + name + f", {when}</extra>",
            )
    figure.update_xaxes(title="units, the most open first")
    return figure.update_yaxes(title="mean gate", range=[0, 1.03])


def describe_gate_means(means: Mapping[str, tuple[Means, Means]]) -> str:
    """Say the spread before, and the spread and the open units after."""
    return " ".join(
        f"{name}: {len(start)} units, from {start.min():.2f} to {start.max():.2f} before training and from "
        f"{end.min():.2f} to {end.max():.2f} after; {(end > OPEN).sum()} are above {OPEN:g}."
        for name, (start, end) in means.items()
    )


def gate_means(means: Mapping[str, tuple[Means, Means]]) -> Picture:
    """Draw every unit's mean gate, sorted, for each network: dashed before training, with marks after it."""
    return Picture(gate_means_figure(means), describe_gate_means(means))
