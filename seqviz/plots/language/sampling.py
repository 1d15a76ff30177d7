"""All probabilities of the next token laid end to end, and a number that falls on one of them."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, new_figure, number, visible
from seqviz.traces.language.records import SamplingTrace

SHOWN = 12  # tokens with a stretch of their own; all further ones share the last
_LETTER = 0.033  # the share of the bar that a letter takes up on a phone
_TONES = (CATEGORICAL[0], "#004c77")  # neighbours differ, and white letters can be read on both
_REST = "#6b6b6b"  # on which white letters can be read, too
_BARS = {"before": (1.15, 1.85), "after": (0.15, 0.85)}  # from and to, on the vertical axis


def stretches(probabilities: np.ndarray) -> np.ndarray:
    """Return where each stretch begins and ends, [stretch, 2]; beyond `SHOWN` tokens, all others share one more."""
    shown = probabilities[:SHOWN]
    if len(probabilities) > SHOWN:
        shown = np.append(shown, probabilities[SHOWN:].sum())
    ends = np.minimum(shown.cumsum(), 1.0)
    return np.stack([np.append(0.0, ends[:-1]), ends], 1)


def sampling_figure(trace: SamplingTrace) -> go.Figure:
    """Draw the bar as the model says; below it the bar after temperature and cut, and the number through both."""
    figure = new_figure(
        300,
        xaxis={"range": [-0.01, 1.01], "title": "probabilities, likeliest first"},
        yaxis={
            "range": [-0.12, 2.1],
            "tickvals": [0.5, 1.5],
            "ticktext": ["after temperature<br>and cut", "as the model says"],
            "showgrid": False,
            "zeroline": False,
        },
        hovermode=False,
    )
    names = _names(trace)
    for bar, (low, high) in _BARS.items():
        for i in range(len(names)):
            color = _REST if i == SHOWN else _TONES[i % 2]
            figure.add_scatter(
                uid=f"{bar}-{i}",
                x=[0] * 5,
                y=[low, low, high, high, low],
                mode="lines",
                line={"color": INK, "width": 0.5},
                fill="toself",
                fillcolor=color,
            )
        middle = (low + high) / 2
        figure.add_scatter(
            uid=f"{bar}-names",
            x=[None] * len(names),
            y=[middle] * len(names),
            mode="text",
            text=names,
            textfont={"color": "#ffffff", "size": 14},
        )
    figure.add_scatter(uid="number", x=[0, 0], y=[-0.08, 2.02], mode="lines", line={"color": HIGHLIGHT, "width": 3})
    low, high = _BARS["after"]
    outline = {"color": HIGHLIGHT, "width": 4}
    figure.add_scatter(uid="drawn", x=[0] * 5, y=[low, low, high, high, low], mode="lines", line=outline)
    return figure


def sampling_patch(trace: SamplingTrace, step: int) -> Patch:
    """What follows the temperature: the stretches, their names, the number and the stretch it falls on."""
    bars = {"before": stretches(trace.expected), "after": stretches(trace.probabilities[step])}
    room = np.array([_LETTER * sum(1.7 if letter in "mwMW" else 1 for letter in name) for name in _names(trace)])
    patch: dict[str, object] = {"number.x": [trace.u, trace.u]}
    for bar, ends in bars.items():
        patch |= {f"{bar}-{i}.x": _outline(*one) for i, one in enumerate(ends)}
        patch[f"{bar}-names.x"] = np.where(ends[:, 1] - ends[:, 0] >= room, ends.mean(1), np.nan)
    return patch | {"drawn.x": _outline(*bars["after"][min(int(trace.drawn[step]), SHOWN)])}


def _names(trace: SamplingTrace) -> list[str]:
    names = [visible(output) for output in trace.outputs[:SHOWN]]
    return names + (["others"] if len(trace.outputs) > SHOWN else [])


def _outline(left: float, right: float) -> np.ndarray:
    return np.array([left, right, right, left, left])


def describe_sampling(trace: SamplingTrace, step: int) -> str:
    """Say the temperature, what is left, and the token on which the number falls."""
    probabilities, place = trace.probabilities[step], int(trace.drawn[step])
    left = int((probabilities > 0).sum())
    tokens = "token is" if left == 1 else "tokens are"
    likeliest = ", ".join(f"“{visible(trace.outputs[i])}” {probabilities[i]:.0%}" for i in range(min(3, left)))
    return (
        f"Temperature {number(trace.temperatures[step])}: {left} {tokens} left, the likeliest {likeliest}. "
        f"The number {number(trace.u)} falls on “{visible(trace.outputs[place])}”, which the model gave "
        f"{trace.expected[place]:.1%} and which has {probabilities[place]:.1%} now."
    )


def sampling(trace: SamplingTrace, step: int) -> Picture:
    """Draw the two bars and the number for one of the trace's temperatures (counted from 0)."""
    return Picture(patched(sampling_figure(trace), sampling_patch(trace, step)), describe_sampling(trace, step))
