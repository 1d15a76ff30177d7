"""The update gate as a hand between the old state and the candidate, and what later steps make of it."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, add_mark, new_figure, number, visible
from seqviz.traces.gated.records import InterpolationTrace

OWN, SET = CATEGORICAL[0], HIGHLIGHT


def set_state(trace: InterpolationTrace, selection: int) -> float:
    """The unit's state at the chosen step for one of the shares."""
    return float(trace.set_states[selection, trace.step])


def interpolation_figure(trace: InterpolationTrace) -> go.Figure:
    """Draw the axes: the mix of one step, the unit along the sequence and the answer after every token."""
    steps, last = len(trace.tokens), len(trace.shares) - 1
    figure = new_figure(
        400,
        showlegend=True,
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        margin={"l": 56, "r": 16, "t": 40, "b": 70},
        xaxis={
            "domain": [0, 0.3],
            "range": [-0.5, last + 0.5],
            "title": "z<sub>t</sub>: share of the old state",
            "tickvals": [0, last / 2, last],
            "ticktext": ["0<br>all n<sub>t</sub>", "½", "1<br>all h<sub>t−1</sub>"],
            "anchor": "y",
        },
        yaxis={"range": [-1.05, 1.05], "title": {"text": "h<sub>t</sub> of this unit", "standoff": 4}},
        xaxis2={
            "domain": [0.4, 1],
            "range": [-0.5, steps - 0.5],
            "tickvals": list(range(steps)),
            "ticktext": [visible(token) for token in trace.tokens],
            "tickangle": -40,
            "anchor": "y3",
            "showgrid": False,
        },
        # an axis of its own for the upper plot: a hand that drags along an axis is looked for in one plot
        xaxis3={
            "domain": [0.4, 1],
            "range": [-0.5, steps - 0.5],
            "tickvals": list(range(steps)),
            "showticklabels": False,
            "anchor": "y2",
            "showgrid": False,
        },
        yaxis2={
            "domain": [0.54, 1],
            "range": [-1.05, 1.05],
            "title": {"text": "this unit", "standoff": 4},
            "anchor": "x3",
        },
        yaxis3={
            "domain": [0, 0.44],
            "range": [-0.04, 1.04],
            "tickformat": ".0%",
            "title": {"text": f"“{trace.answer}”", "standoff": 4},
            "anchor": "x2",
        },
    )
    tokens, across = np.arange(steps), {"y2": "x3", "y3": "x2"}
    line = {"mode": "lines+markers", "marker": {"size": 5}}
    figure.add_scatter(
        uid="line", x=[0, last], y=[0, 0], mode="lines", line={"color": INK, "width": 2}, showlegend=False
    )
    figure.add_scatter(uid="own", x=[0], y=[0], mode="markers", marker={"color": OWN, "size": 11}, showlegend=False)
    diamond = {"color": SET, "size": 13, "symbol": "diamond"}
    figure.add_scatter(uid="set", x=[0], y=[0], mode="markers", marker=diamond, showlegend=False)
    runs = (("own", "as it is", OWN, "dot"), ("set", "with z<sub>t</sub> set by hand", SET, "solid"))
    for of_what, axis, unit in (("state", "y2", "%{y:.2f}"), ("answer", "y3", "%{y:.0%}")):
        for whose, name, color, dash in runs:
            figure.add_scatter(
                uid=f"{whose}-{of_what}",
                x=tokens,
                y=np.zeros(steps),
                name=name,
                line={"color": color, "dash": dash, "width": 2},
                xaxis=across[axis],
                yaxis=axis,
                showlegend=axis == "y2",
                hovertemplate=f"{unit}<extra>{name}</extra>",
                **line,
            )
    dashed = {"color": INK, "width": 1, "dash": "dash"}
    for of_what, axis, ends in (("state", "y2", (-1.05, 1.05)), ("answer", "y3", (-0.04, 1.04))):
        add_mark(figure, ends, f"mark-{of_what}", line=dashed, xaxis=across[axis], yaxis=axis)
    return figure


def interpolation_patch(trace: InterpolationTrace, selection: int) -> Patch:
    """What follows the hand: the mark on the line between candidate and old state, and both curves."""
    last = len(trace.shares) - 1
    here = [trace.step, trace.step]
    return {
        "line.y": [trace.candidate, trace.before],
        "own.x": [last * trace.update],
        "own.y": [float(trace.states[trace.step])],
        "set.x": [selection],
        "set.y": [set_state(trace, selection)],
        "own-state.y": trace.states,
        "set-state.y": trace.set_states[selection],
        "own-answer.y": trace.probabilities,
        "set-answer.y": trace.set_probabilities[selection],
        "mark-state.x": here,
        "mark-answer.x": here,
    }


def describe_interpolation(trace: InterpolationTrace, selection: int) -> str:
    """Say the mix of the step in numbers, and how the answer at the end changes."""
    share = trace.shares[selection]
    mixed = f"{share:.2f} · {number(trace.before)} + {1 - share:.2f} · {number(trace.candidate)}"
    own, now = f"{trace.probabilities[-1]:.0%}", f"{trace.set_probabilities[selection, -1]:.0%}"
    return (
        f"At “{visible(trace.tokens[trace.step])}”, step {trace.step + 1}, the gate of unit {trace.unit + 1} says "
        f"z_t = {trace.update:.2f}. With z_t = {share:.2f} in all units, "
        f"h_t = z_t · h_t−1 + (1 − z_t) · n_t = {mixed} = {number(set_state(trace, selection))}. "
        f"After the last word “{trace.answer}” has {now}, " + ("as before." if now == own else f"not {own}.")
    )


def interpolation(trace: InterpolationTrace, selection: int) -> Picture:
    """Draw one step as a mix of old state and candidate, and what the later steps make of the share chosen by hand."""
    return Picture(
        patched(interpolation_figure(trace), interpolation_patch(trace, selection)),
        describe_interpolation(trace, selection),
    )
