"""The weights of one output step, set by hand, and the probabilities of what is said then."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, new_figure, token_name, token_sign, visible
from seqviz.traces.translation.records import RedirectTrace

_GHOST = "rgba(128,128,128,0.45)"


def redirect_figure(trace: RedirectTrace) -> go.Figure:
    """Draw the model's own weights and probabilities, and room for those by hand in front of them."""
    steps, outputs = len(trace.source), len(trace.outputs)
    figure = new_figure(
        430,
        barmode="overlay",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 56, "r": 8, "t": 40, "b": 44},
        xaxis={
            "range": [-0.6, steps - 0.4],  # from 0, as the control counts that a hand drags along it
            "tickvals": list(range(steps)),
            "ticktext": [visible(token) for token in trace.source],
            "tickangle": 0,
            "anchor": "y",
        },
        yaxis={"domain": [0.6, 1], "range": [0, 1.02], "title": "weight α", "tickvals": [0, 0.5, 1]},
        xaxis2={
            "range": [0.4, outputs + 0.6],
            "tickvals": list(range(1, outputs + 1)),
            "ticktext": [token_sign(token) for token in trace.outputs],
            "tickangle": 0,
            "anchor": "y2",
            "title": "what is said (⏎: the end)",
        },
        yaxis2={"domain": [0, 0.44], "range": [0, 1.02], "title": "probability", "anchor": "x2", "tickformat": ".0%"},
    )
    _add_bars(figure, "weights", np.arange(steps), trace.own_weights, {})
    places = np.arange(1, outputs + 1)
    _add_bars(figure, "said", places, trace.own_probabilities, {"xaxis": "x2", "yaxis": "y2", "showlegend": False})
    return figure


def _add_bars(figure: go.Figure, uid: str, x: np.ndarray, own: np.ndarray, axes: dict) -> None:
    """Add broad grey bars for what the model does itself, and narrow ones in front of them for the hand."""
    figure.add_bar(
        uid=f"own-{uid}", x=x, y=own, width=0.9, name="by itself", marker={"color": _GHOST}, hoverinfo="skip", **axes
    )
    figure.add_bar(
        uid=uid,
        x=x,
        y=np.zeros(len(x)),
        width=0.5,
        name="by hand",
        marker={"color": CATEGORICAL[0] if uid == "weights" else HIGHLIGHT},
        hovertemplate="%{y:.2f}<extra></extra>",
        **axes,
    )


def redirect_patch(trace: RedirectTrace, chosen: int) -> Patch:
    """What follows the chosen source step (from 0): the bars of weights and probabilities."""
    return {"weights.y": trace.weights[chosen], "said.y": trace.probabilities[chosen]}


def describe_redirect(trace: RedirectTrace, chosen: int) -> str:
    """Say what is said at this step by itself and by hand, and what becomes of the whole output."""
    own = int(trace.own_probabilities.argmax())
    hand = int(trace.probabilities[chosen].argmax())
    before, after = _text(trace.said), _text(trace.goes_on[chosen])
    told = (
        f"Output {trace.step + 1} is “{token_name(trace.outputs[own])}” "
        f"({trace.own_probabilities[own]:.0%}) by itself. "
        f"With weight {trace.weights[chosen, chosen]:.2f} on source {chosen + 1}, “{visible(trace.source[chosen])}”"
        f" (by itself {trace.own_weights[chosen]:.2f}), "
    )
    if hand == own:
        told += f"it stays, with {trace.probabilities[chosen, own]:.0%}."
    else:
        told += f"it becomes “{token_name(trace.outputs[hand])}” ({trace.probabilities[chosen, hand]:.0%})."
    return f"{told} The whole: “{after}”" + ("." if after == before else f" instead of “{before}”.")


def _text(tokens: tuple[str, ...]) -> str:
    return "".join(token for token in tokens if token != "<eos>")


def redirect(trace: RedirectTrace, chosen: int = 0) -> Picture:
    """Draw it with a source step (from 0) chosen."""
    return Picture(patched(redirect_figure(trace), redirect_patch(trace, chosen)), describe_redirect(trace, chosen))
