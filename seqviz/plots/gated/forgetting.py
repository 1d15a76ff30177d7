"""A sequence being forgotten: what each network would answer if it stopped here."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, INK, add_mark, listed, new_figure, visible
from seqviz.traces.gated.records import ForgettingTrace

_ROOM = (-0.04, 1.06)


def forgetting_figure(trace: ForgettingTrace) -> go.Figure:
    """Draw a curve for each network, with nothing selected."""
    steps = np.arange(1, len(trace.tokens) + 1)
    first, second = trace.answers
    figure = new_figure(
        320,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={"range": [0.5, len(steps) + 0.5], "tickvals": [], "title": "the words it has read", "showgrid": False},
        yaxis={
            "range": _ROOM,
            "tickvals": [0, 0.5, 1],
            "ticktext": [f"“{visible(first)}”", "either", f"“{visible(second)}”"],
        },
    )
    for index, name in enumerate(trace.networks):
        figure.add_scatter(
            uid=f"curve-{index}",
            x=steps,
            y=trace.shares[index],
            name=name,
            mode="lines",
            line={"color": CATEGORICAL[index], "width": 2.5, "dash": DASHES[index]},
            text=list(trace.tokens),
            hovertemplate="“%{text}”: %{y:.0%} for “" + visible(second) + "”<extra>" + name + "</extra>",
        )
    figure.add_scatter(
        x=[0, len(steps) + 1],
        y=[0.5, 0.5],
        mode="lines",
        line={"color": INK, "width": 1, "dash": "dot"},
        showlegend=False,
        hoverinfo="skip",
    )
    add_mark(figure, _ROOM)
    return figure


def forgetting_patch(_trace: ForgettingTrace, step: int) -> Patch:
    """What follows the selected word: the mark."""
    return {"mark.x": [step + 1, step + 1]}


def describe_forgetting(trace: ForgettingTrace, step: int) -> str:
    """Say how each network would divide the answer after the selected word."""
    first, second = map(visible, trace.answers)
    asked = zip(trace.networks, trace.shares[:, step].tolist(), strict=True)
    shares = listed(f"{name} {share:.0%}" for name, share in asked)
    return (
        f"Word {step + 1} of {len(trace.tokens)}, “{visible(trace.tokens[step])}”. "
        f"Asked now, the networks give “{second}” rather than “{first}”: {shares}. At 50% nothing is known any more."
    )


def forgetting(trace: ForgettingTrace, step: int) -> Picture:
    """Draw what each network still knows along a sequence, with one of its tokens marked."""
    return Picture(patched(forgetting_figure(trace), forgetting_patch(trace, step)), describe_forgetting(trace, step))
