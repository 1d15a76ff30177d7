"""A hidden word: the probabilities of what may stand there, and of what did."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, listed, new_figure, visible
from seqviz.traces.transformer.records import HiddenWordTrace

NAMED = 3  # how many words a sentence names


def hidden_word_figure(trace: HiddenWordTrace) -> go.Figure:
    """Draw a bar without a height for every word that may be expected, and one for the word that stood there."""
    outputs = [visible(output) for output in trace.outputs]
    figure = new_figure(
        340,
        barmode="overlay",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False},
        margin={"l": 56, "r": 12, "t": 40, "b": 96},
        xaxis={
            "range": [0.5, len(outputs) + 0.5],
            "tickvals": list(range(1, len(outputs) + 1)),
            "ticktext": outputs,
            "tickangle": -90,
        },
        yaxis={"range": [0, 1.02], "tickformat": ".0%", "title": "probability at the gap"},
    )
    for uid, name, color in (
        ("expected", "expected", CATEGORICAL[0]),
        ("stood", "what stood there", HIGHLIGHT),
    ):
        figure.add_bar(
            uid=uid,
            x=np.arange(1, len(outputs) + 1),
            y=np.zeros(len(outputs)),
            name=name,
            marker={"color": color},
            hovertemplate="%{y:.1%}<extra></extra>",
        )
    return figure


def hidden_word_patch(trace: HiddenWordTrace, hidden: int) -> Patch:
    """What follows the place that is hidden, counted from 0."""
    stood = np.array([output == trace.tokens[hidden] for output in trace.outputs])
    return {
        "expected.y": trace.probabilities[hidden],
        "stood.y": np.where(stood, trace.probabilities[hidden], 0.0),
    }


def hidden_word_levels(trace: HiddenWordTrace) -> np.ndarray:
    """Return how each token is painted for every place that is hidden: by the weight the gap gives it, none itself."""
    levels = np.clip(trace.weights, 0, 1)
    levels[np.diag_indices_from(levels)] = np.nan
    return levels


def describe_hidden_word(trace: HiddenWordTrace, hidden: int) -> str:
    """Say which word is hidden, what is expected in its place, and where the gap looks."""
    order = np.argsort(-trace.probabilities[hidden], kind="stable")[:NAMED]
    expected = listed(f"“{visible(trace.outputs[i])}” {trace.probabilities[hidden, i]:.0%}" for i in order)
    weights = trace.weights[hidden].copy()
    weights[hidden] = -1.0
    most = int(weights.argmax())
    return (
        f"Hidden is word {hidden + 1}, “{visible(trace.tokens[hidden])}” ({trace.own[hidden]:.0%}). Expected there: "
        f"{expected}. In the last layer the gap looks hardest at “{visible(trace.tokens[most])}” "
        f"({trace.weights[hidden, most]:.0%}, the mean of the heads)."
    )


def hidden_word(trace: HiddenWordTrace, hidden: int = 0) -> Picture:
    """Draw what is expected with one place, counted from 0, hidden."""
    figure = patched(hidden_word_figure(trace), hidden_word_patch(trace, hidden))
    return Picture(figure, describe_hidden_word(trace, hidden))
