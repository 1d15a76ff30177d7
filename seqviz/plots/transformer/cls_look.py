"""Where <cls> looks, in several networks: a bar of each over every token."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, listed, new_figure, visible
from seqviz.traces.transformer.records import ClsLookTrace

NAMED = 2  # how many tokens of each network a sentence names


def views(trace: ClsLookTrace) -> tuple[str, ...]:
    """Return what can be looked at: the mean of each layer's heads, and each head, layers and heads from 1."""
    _, layers, heads, _ = trace.weights.shape
    means = [f"layer {layer + 1}" for layer in range(layers)]
    return (*means, *(f"head {layer + 1}.{head + 1}" for layer in range(layers) for head in range(heads)))


def shown_weights(trace: ClsLookTrace, view: int) -> np.ndarray:
    """Return for every network the weights of one of the `views`."""
    networks, layers, _, time = trace.weights.shape
    if view < layers:
        return trace.weights[:, view].mean(1)
    return trace.weights.reshape(networks, -1, time)[:, view - layers]


def cls_look_figure(trace: ClsLookTrace) -> go.Figure:
    """Draw bars without a height, those of all networks side by side."""
    tokens = [visible(token) for token in trace.tokens]
    places = np.arange(1, len(tokens) + 1)
    figure = new_figure(
        320,
        barmode="group",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False},
        margin={"l": 56, "r": 12, "t": 40, "b": 80},
        xaxis={
            "range": [0.5, len(tokens) + 0.5],
            "tickvals": list(places),
            "ticktext": tokens,
            "tickangle": -90,
        },
        yaxis={"range": [0, 1.02], "tickformat": ".0%", "title": "weight from <cls>"},
    )
    for number, network in enumerate(trace.networks):
        figure.add_bar(
            uid=f"network{number}",
            x=places,
            y=np.zeros(len(tokens)),
            name=network,
            marker={"color": CATEGORICAL[number]},
            hovertemplate=f"{network}: %{{y:.1%}}<extra></extra>",
        )
    return figure


def cls_look_patch(trace: ClsLookTrace, view: int) -> Patch:
    """What follows one of the `views`, counted from 0."""
    return {f"network{number}.y": weights for number, weights in enumerate(shown_weights(trace, view))}


def describe_cls_look(trace: ClsLookTrace, view: int) -> str:
    """Say what <cls> looks at hardest in every network, and which class the last one gives."""
    looks = []
    for network, weights in zip(trace.networks, shown_weights(trace, view), strict=True):
        order = np.argsort(-weights, kind="stable")[:NAMED]
        looks.append(f"{network}, at {listed(f'“{visible(trace.tokens[i])}” {weights[i]:.0%}' for i in order)}")
    best = int(trace.probabilities.argmax())
    return (
        f"<cls> in {views(trace)[view]} looks hardest: {'; '.join(looks)}. The answer of “{trace.networks[-1]}” is "
        f"“{trace.classes[best]}” ({trace.probabilities[best]:.0%})."
    )


def cls_look(trace: ClsLookTrace, view: int = 0) -> Picture:
    """Draw where <cls> looks in one of the `views`, counted from 0."""
    return Picture(patched(cls_look_figure(trace), cls_look_patch(trace, view)), describe_cls_look(trace, view))
