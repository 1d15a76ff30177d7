"""The gradient of every layer before the first update, with the norm first and with the norm last."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, add_mark, new_figure, number
from seqviz.traces.transformer.records import GradientDepthTrace

LOWEST, HIGHEST = 1e-3, 3.0


def gradient_depth_figure(trace: GradientDepthTrace) -> go.Figure:
    """Draw a line for either kind over the layers, the geometric mean of the seeds, and a point for every seed."""
    layers = trace.norms.shape[-1]
    figure = new_figure(
        340,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 64, "r": 8, "t": 40, "b": 48},
        xaxis={
            "title": "decoder layer (1 is the lowest)",
            "range": [0.5, layers + 0.5],
            "tickvals": list(range(1, layers + 1)),
        },
        yaxis={
            "title": "norm of the gradient",
            "type": "log",
            "dtick": 1,
            "range": np.log10([LOWEST, HIGHEST]).tolist(),
        },
    )
    places = np.arange(1, layers + 1)
    for kind, name in enumerate(trace.names):
        color = CATEGORICAL[kind]
        points = trace.norms[kind]
        figure.add_scatter(
            uid=f"seeds-{kind}",
            x=np.tile(places, len(points)),
            y=points.ravel(),
            mode="markers",
            marker={"color": color, "size": 5, "opacity": 0.45},
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            uid=f"kind-{kind}",
            x=places,
            y=typical(trace)[kind],
            mode="lines+markers",
            name=name,
            line={"color": color, "dash": DASHES[kind], "width": 2},
            hovertemplate=f"{name}, layer %{{x}}: %{{y:.3f}}<extra></extra>",
        )
    add_mark(figure, (LOWEST, HIGHEST))
    return figure


def typical(trace: GradientDepthTrace) -> np.ndarray:
    """Return the geometric mean over the seeds, for every kind and layer."""
    return np.exp(np.log(trace.norms).mean(1))


def gradient_depth_patch(_trace: GradientDepthTrace, layer: int) -> Patch:
    """What follows the layer (from 0): the mark."""
    return {"mark.x": [layer + 1, layer + 1]}


def describe_gradient_depth(trace: GradientDepthTrace, layer: int) -> str:
    """Say how large the gradients are in a layer, and how the highest compares with the lowest."""
    means, layers = typical(trace), trace.norms.shape[-1]
    here = ", ".join(f"{name} {number(means[kind, layer], '.3f')}" for kind, name in enumerate(trace.names))
    first, last = (number(means[kind, -1] / means[kind, 0], ".2g") for kind in range(2))
    return (
        f"Layer {layer + 1} of {layers}: {here}. The highest layer has, with the {trace.names[0]}, {first} times the "
        f"gradient of the lowest one, with the {trace.names[1]} {last} times ({trace.norms.shape[1]} seeds)."
    )


def gradient_depth(trace: GradientDepthTrace, layer: int = 0) -> Picture:
    """Draw it with the mark at a layer (from 0)."""
    figure = patched(gradient_depth_figure(trace), gradient_depth_patch(trace, layer))
    return Picture(figure, describe_gradient_depth(trace, layer))
