"""Gradients through time: which earlier steps a loss still reaches, and the sum they add up to."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.theme import CATEGORICAL, DIVERGING, add_mark, new_figure, number, visible
from seqviz.traces.records import GradientTrace, TermTrace

DECADES = (-6, 4)  # the log axis is the same for every text and radius, so that moving a slider moves the curve


def norms_seen_from(trace: GradientTrace, t: int) -> np.ndarray:
    """‖∂L_t/∂h_k‖ for every k ≤ t; NaN for later steps, and where it is zero and a log axis has no place for it."""
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
        tickvals=list(range(steps)),
        ticktext=[visible(token) for token in trace.tokens],
        tickangle=0,
        range=[-0.5, steps - 0.5],
    )
    figure.update_yaxes(
        title={"text": "‖∂L_t/∂h_k‖", "standoff": 12}, type="log", range=DECADES, dtick=1, exponentformat="power"
    )
    figure.add_scatter(
        x=np.arange(steps),
        y=np.ones(steps),
        mode="lines+markers",
        line={"color": CATEGORICAL[0], "width": 3},
        marker={"size": 7},
        hovertemplate="k = %{x}: %{y:.2e}<extra></extra>",
    )
    add_mark(figure, (10.0 ** DECADES[0], 10.0 ** DECADES[1]))
    return figure


def gradient_ribbon_patch(trace: GradientTrace, t: int) -> Patch:
    """What follows the selected loss: the curve, and the line that marks its step."""
    return {"data.0.y": norms_seen_from(trace, t), "data.1.x": [t, t]}


def plot_gradient_ribbon(trace: GradientTrace, t: int) -> go.Figure:
    """Draw how strongly the loss of step ``t`` (counted from 0) depends on the state of every earlier step."""
    return patched(gradient_ribbon_figure(trace), gradient_ribbon_patch(trace, t))


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


def relative_error(trace: TermTrace, reach: int) -> float:
    """How far the terms reaching ``reach`` steps back are from the whole gradient, relative to its norm."""
    whole = float(np.linalg.norm(trace.autograd))
    missing = float(np.linalg.norm(trace.reaching_back(reach) - trace.autograd))
    return missing / whole if whole else missing


CORNER = 14  # rows and columns shown: single squares are still seen, and every reach fits into a small message


def corner(matrix: np.ndarray) -> np.ndarray:
    """Return the part of a matrix that is drawn."""
    return matrix[:CORNER, :CORNER]


def terms_figure(trace: TermTrace) -> go.Figure:
    """Draw ∂L/∂W_hh so far, the whole gradient, and a curve of what is still missing, all empty of the selection."""
    part = f" ({CORNER} × {CORNER} of it)" if len(trace.autograd) > CORNER else ""
    bound = float(np.abs(corner(trace.autograd)).max()) or 1.0
    steps, edge = len(trace.tokens), len(corner(trace.autograd)) - 0.5
    errors = [relative_error(trace, reach) for reach in range(steps)]
    lowest, highest = (limit([error for error in errors if error] or [1.0]) for limit in (min, max))
    figure = new_figure(
        340,
        grid={"rows": 1, "columns": 3, "pattern": "independent"},
        xaxis={"domain": [0, 0.27], "range": [-0.5, edge], "title": f"the sum so far{part}"},
        xaxis2={"domain": [0.31, 0.58], "title": "autograd's ∂L/∂W_hh"},
        xaxis3={
            "domain": [0.76, 1],
            "range": [-0.5, steps - 0.5],
            "title": "steps back",
            "dtick": max(1, steps // 4),
            "tickangle": 0,
        },
        yaxis={"range": [edge, -0.5], "title": "row of W_hh"},
        yaxis2={"range": [edge, -0.5], "showticklabels": False},
        yaxis3={
            "type": "log",
            "range": [np.log10(lowest) - 0.5, np.log10(highest) + 0.5],
            "title": {"text": "share missing", "standoff": 6},
            "exponentformat": "power",
            "dtick": 1,
        },
    )
    scale = {"zmin": -bound, "zmax": bound, "colorscale": DIVERGING}
    figure.add_heatmap(z=np.zeros_like(corner(trace.autograd)), showscale=False, **scale)
    figure.add_heatmap(z=corner(trace.autograd), colorbar={"x": 0.59, "thickness": 10}, xaxis="x2", yaxis="y2", **scale)
    # exact up to rounding at the last: a log axis shows what rounding leaves, or nothing
    figure.add_scatter(
        y=[error or None for error in errors],
        mode="lines+markers",
        xaxis="x3",
        yaxis="y3",
        line={"color": CATEGORICAL[0]},
    )
    add_mark(figure, (lowest / 3, highest * 3), xaxis="x3", yaxis="y3")
    return figure


def terms_patch(trace: TermTrace, reach: int) -> Patch:
    """What follows the selected reach: the sum so far and the mark on the curve."""
    return {"data.0.z": corner(trace.reaching_back(reach)), "data.3.x": [reach, reach]}


def plot_terms(trace: TermTrace, reach: int) -> go.Figure:
    """Draw the part of ∂L/∂W_hh whose terms reach at most ``reach`` steps back, beside the whole."""
    return patched(terms_figure(trace), terms_patch(trace, reach))


def describe_terms(trace: TermTrace, reach: int) -> str:
    """Say how many terms are in the sum and what share of the gradient is missing."""
    steps = len(trace.tokens)
    count = sum(min(t, reach) + 1 for t in range(steps))
    error = relative_error(trace, reach)
    reached = "the immediate terms only" if reach == 0 else f"at most {reach} {'step' if reach == 1 else 'steps'} back"
    missing = "nothing is missing up to rounding" if error < 1e-5 else f"{error:.1%} of the gradient's norm is missing"
    return f"{count} of {steps * (steps + 1) // 2} terms, {reached}: {missing}."
