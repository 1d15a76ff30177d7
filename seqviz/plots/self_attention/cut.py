"""An edge is cut: the probabilities of the answers before and after."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import HIGHLIGHT, listed, new_figure, visible
from seqviz.traces.self_attention.records import CutTrace

_GHOST = "rgba(128,128,128,0.45)"


def cut_figure(trace: CutTrace) -> go.Figure:
    """Draw broad bars for the answers with nothing cut, and narrow ones without a length in front of them."""
    outputs = [visible(output) for output in trace.outputs]
    places = np.arange(1, len(outputs) + 1)
    figure = new_figure(
        90 + 26 * len(outputs),
        barmode="overlay",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False},
        margin={"l": 80, "r": 16, "t": 40, "b": 44},
        xaxis={"range": [0, 1.02], "tickformat": ".0%", "title": "probability of the answer"},
        yaxis={"range": [len(outputs) + 0.5, 0.5], "tickvals": list(places), "ticktext": outputs},
    )
    for uid, name, width, color in (
        ("own", "nothing cut", 0.9, _GHOST),
        ("cut", "with the edge cut", 0.5, HIGHLIGHT),
    ):
        figure.add_bar(
            uid=uid,
            y=places,
            x=trace.own if uid == "own" else np.zeros(len(outputs)),
            width=width,
            orientation="h",
            name=name,
            marker={"color": color},
            hovertemplate="%{x:.1%}<extra></extra>",
        )
    return figure


def cut_patch(trace: CutTrace, word: int) -> Patch:
    """What follows the word that is cut off, counted from 0."""
    return {"cut.x": trace.cut[word]}


def cut_levels(trace: CutTrace) -> np.ndarray:
    """Return how each word is painted for every word that is cut off: by the weight it has, none where it is cut."""
    weights = trace.own_weights[list(trace.layers)].mean(0)
    levels = np.tile(weights, (len(weights), 1))
    levels[np.diag_indices_from(levels)] = np.nan
    return levels


def describe_cut(trace: CutTrace, word: int) -> str:
    """Say which edge is cut, what weight lay on it, and what became of the answer."""
    own, after = int(trace.own.argmax()), int(trace.cut[word].argmax())
    asked, other = visible(trace.tokens[trace.asked]), visible(trace.tokens[word])
    lay = listed(
        f"{trace.own_weights[layer, word]:.0%} in layer {layer + 1}" for layer in range(len(trace.own_weights))
    )
    where = listed(f"layer {layer + 1}" for layer in trace.layers)
    who = f"“{asked}”" if trace.whose == "this word alone" else "No word"
    verb = "may not look" if who != "No word" else "may look"
    told = (
        f"“{asked}” answers “{visible(trace.outputs[own])}” ({trace.own[own]:.0%}). It gave “{other}” {lay} "
        f"(the mean of the heads). {who} {verb} at “{other}” in {where} any more: "
    )
    if after == own:
        return f"{told}the answer stays, with {trace.cut[word, own]:.0%}."
    return f"{told}the answer becomes “{visible(trace.outputs[after])}” ({trace.cut[word, after]:.0%})."


def cut(trace: CutTrace, word: int = 0) -> Picture:
    """Draw the answers with the edge to a word, counted from 0, cut."""
    return Picture(patched(cut_figure(trace), cut_patch(trace, word)), describe_cut(trace, word))
