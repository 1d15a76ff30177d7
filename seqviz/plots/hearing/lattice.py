"""The lattice of CTC: for every state of the labels and every frame, the sum of the paths there."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import HIGHLIGHT, SEQUENTIAL, add_frame, around, new_figure, number
from seqviz.traces.hearing.records import LatticeTrace

DEEPEST = -12.0  # powers of ten below the greatest sum that are told apart
ROW = 24  # pixels for a state


def heights(trace: LatticeTrace) -> np.ndarray:
    """Return what is drawn: sums as powers of ten, or shares; NaN where no path can be."""
    never = np.isneginf(trace.log_sums)
    if trace.shown == "share of all paths":
        return np.where(trace.shares > 0, trace.shares, np.nan)
    powers = np.where(never, np.nan, trace.log_sums / np.log(10))
    return np.maximum(powers, _floor(trace))


def _floor(trace: LatticeTrace) -> float:
    """Return the least power of ten that is told apart: far below the probability of the labels."""
    return trace.log_probability / np.log(10) + DEEPEST


def lattice_figure(trace: LatticeTrace) -> go.Figure:
    """Draw the whole lattice, states downwards, frames to the right; the second panel waits for a frame."""
    states, frames = trace.log_sums.shape
    shares = trace.shown == "share of all paths"
    rows = {"range": [states - 0.5, -0.5], "tickvals": list(range(states)), "ticktext": list(trace.states)}
    quiet, percent = {"showgrid": False, "zeroline": False}, {"tickformat": ".0%", "nticks": 3}
    figure = new_figure(
        130 + ROW * states,
        margin={"l": 48, "r": 8, "t": 16, "b": 44},
        xaxis={"title": "frame", "range": [0.5, frames + 0.5], "domain": [0, 0.6], **quiet},
        yaxis={"title": "state", **rows, **quiet},
        xaxis2={"title": "share here", "range": [0, 1.02], "domain": [0.78, 1], "anchor": "y2", **percent},
        yaxis2={**rows, **quiet, "anchor": "x2"},
    )
    figure.add_heatmap(
        uid="lattice",
        x=np.arange(1, frames + 1),
        y=np.arange(states),
        z=heights(trace),
        zmin=0 if shares else _floor(trace),
        zmax=1 if shares else 0,
        colorscale=SEQUENTIAL,
        colorbar={
            "title": {"text": "share" if shares else "sum, power of ten", "side": "right"},
            "thickness": 10,
            "x": 0.61,
        },
        hoverongaps=False,
        xgap=1,
        ygap=1,
        hovertemplate=("%{z:.1%}" if shares else "10<sup>%{z:.1f}</sup>") + " at frame %{x:d}<extra></extra>",
    )
    add_frame(figure, (-0.5, states - 0.5), xaxis="x", yaxis="y")
    figure.add_bar(
        uid="share",
        x=np.zeros(states),
        y=np.arange(states),
        orientation="h",
        marker={"color": HIGHLIGHT},
        xaxis="x2",
        yaxis="y2",
        hovertemplate="%{x:.1%}<extra></extra>",
    )
    return figure


def at_frame(trace: LatticeTrace, frame: int) -> np.ndarray:
    """Return, of the paths that the picture counts, the share in each state at a frame."""
    if trace.shown == "share of all paths":
        return trace.shares[:, frame]
    powers = np.exp(trace.log_sums[:, frame] - trace.log_sums[:, frame].max())
    return powers / powers.sum()


def lattice_patch(trace: LatticeTrace, frame: int) -> Patch:
    """What follows a frame, counted from 0."""
    return {"frame.x": around(frame + 1, frame + 1), "share.x": at_frame(trace, frame)}


def describe_lattice(trace: LatticeTrace, frame: int) -> str:
    """Say where the paths are at a frame, and how likely the labels are."""
    share = at_frame(trace, frame)
    state = int(share.argmax())
    what = "the blank" if trace.states[state] == "-" else f"“{trace.states[state]}”"
    of = "of all paths" if trace.shown == "share of all paths" else "of the forward sums"
    return (
        f"Frame {frame + 1} of {trace.shares.shape[1]}: {share[state]:.0%} {of} in state {state + 1} of"
        f" {len(trace.states)}, {what}. “{trace.labels}” has the probability {_written(trace.log_probability)};"
        f" the best path says “{trace.best_path}”."
    )


def _written(log_probability: float) -> str:
    """Return a probability as a percentage, and where that would be 0 as a power of ten."""
    if log_probability > np.log(0.001):
        return f"{np.exp(log_probability):.1%}"
    return f"10 to the power of {number(log_probability / np.log(10), '.1f')}"


def lattice(trace: LatticeTrace, frame: int = 0) -> Picture:
    """Draw the lattice with a frame, counted from 0, in focus."""
    return Picture(patched(lattice_figure(trace), lattice_patch(trace, frame)), describe_lattice(trace, frame))
