"""A text under several language models: how many bits each token cost, and what else might have come."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, HIGHLIGHT, add_mark, new_figure, number, visible
from seqviz.traces.language.records import SentenceTrace

MOST_BITS = 12.0  # a surprise beyond this is drawn at the upper end


@dataclass(frozen=True, eq=False)
class Reading:
    """A text, and the model whose expectations are shown in full."""

    trace: SentenceTrace
    model: str


def sentence_figure(reading: Reading) -> go.Figure:
    """Draw the bits of every token, a curve for each model, and two empty bars for every possible token."""
    trace = reading.trace
    figure = _layout(trace)
    for name, color, dash in zip(trace.probabilities, CATEGORICAL, DASHES, strict=False):
        figure.add_scatter(
            x=np.arange(len(trace.tokens)),
            y=np.minimum(trace.bits(name), MOST_BITS),
            name=name,
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2},
            hovertemplate="%{y:.1f} bits<extra>%{fullData.name}</extra>",
        )
    add_mark(figure, (0, MOST_BITS))
    outputs = [visible(output) for output in trace.outputs]
    for uid, color in (("expected", CATEGORICAL[0]), ("came", HIGHLIGHT)):
        figure.add_bar(
            uid=uid,
            x=np.zeros(len(outputs)),
            y=outputs,
            orientation="h",
            xaxis="x2",
            yaxis="y2",
            marker={"color": color},
            showlegend=False,
        )
    return figure


def _layout(trace: SentenceTrace) -> go.Figure:
    return new_figure(
        460,
        barmode="overlay",
        showlegend=True,
        legend={"orientation": "h", "y": 1.1, "x": 0},
        xaxis={
            "domain": [0, 0.66],
            "range": [-0.5, len(trace.tokens) - 0.5],
            "title": "the text",
            "tickvals": list(range(len(trace.tokens))),
            "ticktext": [visible(token) for token in trace.tokens],
            "tickangle": 0,
            "tickfont": {"size": 10},
        },
        yaxis={"range": [0, 1.04 * MOST_BITS], "title": "surprise, in bits"},
        xaxis2={"domain": [0.78, 1], "range": [0, 1.02], "title": "probability"},
        yaxis2={
            "anchor": "x2",
            "type": "category",
            "range": [len(trace.outputs) - 0.5, -0.5],
            "dtick": 1,
            "tickfont": {"size": 9},
        },
    )


def sentence_patch(reading: Reading, step: int) -> Patch:
    """What follows the selected token: the mark, what the model had expected there, and what came."""
    expected = reading.trace.probabilities[reading.model][step]
    came = np.where(np.arange(len(expected)) == reading.trace.places[step], expected, 0.0)
    return {"mark.x": [step, step], "expected.x": expected, "came.x": came}


def describe_sentence(reading: Reading, step: int) -> str:
    """Say what had been read, what was expected and what came, and what the text costs under each model."""
    trace = reading.trace
    expected, place = trace.probabilities[reading.model][step], int(trace.places[step])
    joint = "" if all(len(token) == 1 for token in trace.tokens) else " "
    before = joint.join(visible(token) for token in trace.tokens[:step])
    likeliest = np.argsort(-expected, kind="stable")[:3]
    names = ", ".join(f"“{visible(trace.outputs[i])}” {expected[i]:.0%}" for i in likeliest)
    bits = trace.bits(reading.model)
    costs = ", ".join(f"{name} {number(trace.bits(name).mean())}" for name in trace.probabilities)
    return (
        f"{reading.model}, after “{before}”: it expected {names}. “{visible(trace.tokens[step])}” came, with "
        f"{number(100 * expected[place], '.3g')} %, {number(bits[step], '.1f')} bits. "
        f"The whole text: 2 to the power of −{number(bits.sum(), '.1f')}. Bits for each token: {costs}."
    )


def surprise_levels(reading: Reading) -> np.ndarray:
    """Return, for each token, 1 where it was sure to come and 0 where it cost `MOST_BITS` or more."""
    return 1 - np.minimum(reading.trace.bits(reading.model), MOST_BITS) / MOST_BITS


def sentence(trace: SentenceTrace, model: str, step: int) -> Picture:
    """Draw what every token of a text cost each model, and what one of them expected at one step (from 0).

    Raises ValueError for a model that is not in the trace.
    """
    if model not in trace.probabilities:
        raise ValueError(f"model: expected one of {', '.join(map(repr, trace.probabilities))}, got {model!r}")
    reading = Reading(trace, model)
    return Picture(patched(sentence_figure(reading), sentence_patch(reading, step)), describe_sentence(reading, step))
