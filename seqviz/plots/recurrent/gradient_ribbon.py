"""How a loss depends on every earlier state: a curve over the steps, on a log axis."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, add_mark, new_figure, number, visible
from seqviz.traces.recurrent.records import GradientTrace

DECADES = (-6, 4)  # one log axis for every text and radius, so that a slider moves the curve, not the axis


def norms_seen_from(trace: GradientTrace, t: int) -> np.ndarray:
    """‖∂L_t/∂h_k‖ for every k ≤ t; NaN for later steps, and where it is 0, which a log axis cannot show."""
    norms = trace.norms[t].astype(float)
    norms[t + 1 :] = np.nan
    norms[norms == 0] = np.nan
    return norms


def gradient_ribbon_figure(trace: GradientTrace) -> go.Figure:
    """Draw the axes, one faint line for every loss, and a bright one for the selected."""
    steps = len(trace.tokens)
    figure = new_figure(320)
    figure.update_xaxes(
        title="step k (the character it reads)",
        tickvals=list(range(1, steps + 1)),
        ticktext=[visible(token) for token in trace.tokens],
        tickangle=0,
        range=[0.5, steps + 0.5],
    )
    figure.update_yaxes(
        title={"text": "‖∂L_t/∂h_k‖", "standoff": 12}, type="log", range=DECADES, dtick=1, exponentformat="power"
    )
    figure.add_scatter(
        uid="curve",
        x=np.arange(1, steps + 1),
        y=np.ones(steps),
        mode="lines+markers",
        line={"color": CATEGORICAL[0], "width": 3},
        marker={"size": 7},
        hovertemplate="k = %{x:d}: %{y:.2e}<extra></extra>",
    )
    add_mark(figure, (10.0 ** DECADES[0], 10.0 ** DECADES[1]))
    return figure


def gradient_ribbon_patch(trace: GradientTrace, t: int) -> Patch:
    """What follows the selected loss: the curve, and the line that marks its step."""
    return {"curve.y": norms_seen_from(trace, t), "mark.x": [t + 1, t + 1]}


def describe_gradient_ribbon(trace: GradientTrace, t: int) -> str:
    """Say how the gradient changes from the loss's own step back to the first."""
    own, first = trace.norms[t, t], trace.norms[t, 0]
    read, target = visible(trace.tokens[t]), visible(trace.targets[t])
    norm = f"‖∂L_t/∂h_t‖ = {number(own, '.1e')}"
    start = f"Loss at step t = {t + 1}, where it reads “{read}” and “{target}” is right: {norm}"
    if t == 0:
        return f"{start}. There is no earlier step."
    reach = f"= {number(first, '.1e')}" if first else "is too small for the numbers it is computed in"
    return f"{start}; {t} {'step' if t == 1 else 'steps'} back, at the first, ‖∂L_t/∂h_1‖ {reach}."


def strip_levels(trace: GradientTrace, t: int) -> np.ndarray:
    """‖∂L_t/∂h_k‖ on a scale from 0 (the lower end of the log axis, or nothing) to 1 (its upper end); NaN after t."""
    low, high = DECADES
    with np.errstate(divide="ignore"):
        levels = np.clip((np.log10(trace.norms[t]) - low) / (high - low), 0, 1)
    levels[t + 1 :] = np.nan
    return levels


def gradient_ribbon(trace: GradientTrace, t: int) -> Picture:
    """Draw how strongly the loss of step ``t`` (counted from 0) depends on the state of every earlier step."""
    return Picture(
        patched(gradient_ribbon_figure(trace), gradient_ribbon_patch(trace, t)), describe_gradient_ribbon(trace, t)
    )
