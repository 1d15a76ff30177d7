"""What cutting a sequence into chunks leaves of a gradient: which pairs of loss and step, and how much is missing."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, SEQUENTIAL, add_mark, new_figure, visible
from seqviz.traces.recurrent.records import TruncationTrace

DECADES = (-6, 1)


def reached_back_to(steps: int, chunk: int) -> np.ndarray:
    """The earliest step that the loss of each step still reaches: the start of its own chunk (from 0)."""
    t = np.arange(steps)
    return t // chunk * chunk


def kept_pairs(steps: int, chunk: int) -> int:
    """How many pairs of a loss at t and a step k ≤ t are in the same chunk."""
    return int((np.arange(steps) - reached_back_to(steps, chunk) + 1).sum())


def truncation_figure(trace: TruncationTrace) -> go.Figure:
    """Draw all ‖∂L_t/∂h_k‖ as a map, an empty border on it, and the share that is missing for every chunk length."""
    steps = len(trace.tokens)
    figure = new_figure(
        400,
        grid={"rows": 1, "columns": 2, "pattern": "independent"},
        xaxis={
            "domain": [0, 0.46],
            "range": [0.5, steps + 0.5],
            "title": "step k",
            "tickvals": list(range(1, steps + 1)),
            "ticktext": [visible(token) for token in trace.tokens],
            "tickangle": 0,
            "tickfont": {"size": 9},
        },
        yaxis={"range": [steps + 0.5, 0.5], "title": "loss at step t"},
        xaxis2={"domain": [0.7, 1], "range": [0, steps + 1], "title": "steps in a chunk, K"},
        yaxis2={"range": [0, 105], "title": "% of ∂L/∂W_hh missing", "dtick": 20},
    )
    with np.errstate(divide="ignore"):
        levels = np.log10(trace.norms.astype(float))
    levels[~np.isfinite(levels)] = np.nan
    figure.add_heatmap(
        x0=1,
        y0=1,
        z=levels,
        zmin=DECADES[0],
        zmax=DECADES[1],
        colorscale=SEQUENTIAL,
        colorbar={
            "x": 0.47,
            "thickness": 10,
            "title": "‖∂L_t/∂h_k‖",
            "tickvals": [-6, -4, -2, 0],
            "ticktext": ["10⁻⁶", "10⁻⁴", "10⁻²", "1"],
        },
        hovertemplate="loss %{y:d}, step %{x:d}: 10<sup>%{z:.1f}</sup><extra></extra>",
    )
    edge = np.repeat(np.arange(steps + 1), 2)[1:-1] + 0.5
    line = {"color": HIGHLIGHT, "width": 3}
    figure.add_scatter(uid="border", x=np.zeros(2 * steps), y=edge, mode="lines", line=line, hoverinfo="skip")
    figure.add_scatter(
        x=np.arange(1, steps + 1),
        y=100 * trace.missing,
        mode="lines+markers",
        line={"color": CATEGORICAL[0], "width": 2},
        hovertemplate="K = %{x}: %{y:.1f} % missing<extra></extra>",
        xaxis="x2",
        yaxis="y2",
    )
    add_mark(figure, (0, 105), xaxis="x2", yaxis="y2")
    return figure


def chunk_levels(steps: int) -> np.ndarray:
    """Return for every chunk length a row of the text's colours, which change where it is cut."""
    numbers = np.arange(steps) // np.arange(1, steps + 1)[:, None]  # of the chunk
    return np.where(numbers % 2, 0.9, 0.3)


def truncation_patch(trace: TruncationTrace, selection: int) -> Patch:
    """What follows the length of a chunk, ``selection + 1``: the border on the map and the mark on the curve."""
    chunk = selection + 1
    return {
        "border.x": np.repeat(reached_back_to(len(trace.tokens), chunk), 2) + 0.5,
        "mark.x": [chunk, chunk],
    }


def describe_truncation(trace: TruncationTrace, selection: int) -> str:
    """Say how many cuts and pairs there are, what is missing, and by how much the gradient is turned."""
    steps, chunk = len(trace.tokens), selection + 1
    cuts = -(-steps // chunk) - 1
    pairs = f"{kept_pairs(steps, chunk)} of {steps * (steps + 1) // 2} pairs of a loss and an earlier step are kept"
    if not cuts:
        return f"K = {chunk}: no cut, all pairs of a loss and an earlier step are kept, nothing is missing."
    return (
        f"K = {chunk}: {cuts} {'cut' if cuts == 1 else 'cuts'}, {pairs}. "
        f"{trace.missing[selection]:.0%} of the gradient's norm is missing; "
        f"the rest points {trace.angles[selection]:.0f}° away from it."
    )


def truncation(trace: TruncationTrace, selection: int) -> Picture:
    """Draw what chunks of ``selection + 1`` steps leave: right of the border is kept, left of it is cut."""
    return Picture(
        patched(truncation_figure(trace), truncation_patch(trace, selection)), describe_truncation(trace, selection)
    )
