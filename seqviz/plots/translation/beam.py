"""A beam search as a tree: what every step kept, what it cut off, and which of the outputs is the best."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, listed, new_figure, number
from seqviz.traces.translation.records import BeamTrace, Branch

_LINES = {
    "cut": ("cut off", {"color": "rgba(128,128,128,0.55)", "width": 1, "dash": "dot"}),
    "kept": ("kept", {"color": CATEGORICAL[0], "width": 2}),
    "best": ("the best output", {"color": HIGHLIGHT, "width": 5}),
}
Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Tree:
    """A trace and where its branches lie: x is the step, y in 0 … 1 the place in it."""

    trace: BeamTrace
    places: tuple[tuple[Point, ...], ...]


def laid_out(trace: BeamTrace) -> Tree:
    """Put the branches of each step below each other, children in the order of their parents."""
    places: list[tuple[Point, ...]] = []
    for step, branches in enumerate(trace.steps):
        above = [-places[-1][one.parent][1] if places else 0.0 for one in branches]
        order = sorted(range(len(branches)), key=lambda i: (above[i], -branches[i].log_probability))
        y = np.empty(len(branches))
        y[order] = 1 - (np.arange(len(branches)) + 0.5) / len(branches)
        places.append(tuple((step + 1.0, float(one)) for one in y))
    return Tree(trace, tuple(places))


def beam_figure(tree: Tree) -> go.Figure:
    """Draw the whole tree: kept and cut branches, their tokens, the outputs, and the best one's path."""
    figure = new_figure(
        420,
        showlegend=True,
        legend={"orientation": "h", "y": 1.1, "x": 0},
        xaxis={
            "range": [-0.35, len(tree.places) + 0.7],
            "dtick": 1,
            "title": "output step",
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={"range": [0, 1.02], "visible": False},
        hovermode="closest",
    )
    parts = _parts(tree)
    for uid, (name, line) in _LINES.items():
        _, x, y = parts[uid]
        figure.add_scatter(uid=uid, x=x, y=y, mode="lines", line=line, name=name, hoverinfo="skip")
    branches = [branch for step in tree.trace.steps for branch in step]
    _, x, y = parts["tokens"]
    figure.add_scatter(
        uid="tokens",
        x=x,
        y=y,
        mode="text",
        text=[branch.token for branch in branches],
        customdata=[_told(branch) for branch in branches],
        textposition="top center",
        textfont={"size": 12},
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )
    _, x, y = parts["ends"]
    figure.add_scatter(
        uid="ends",
        x=x,
        y=y,
        mode="markers+text",
        text=[str(branch.rank) for branch in branches if branch.rank],
        textposition="middle right",
        marker={"color": CATEGORICAL[2], "size": 10, "symbol": "square"},
        name="an output, with its rank",
        hoverinfo="skip",
    )
    figure.add_scatter(
        uid="root", x=[0], y=[0.5], mode="markers", marker={"color": INK, "size": 9}, showlegend=False, hoverinfo="skip"
    )
    return figure


def _parts(tree: Tree) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return, for each part of the picture, at which step every point of it appears, its x and its y."""
    places = {(t, i): place for t, row in enumerate(tree.places) for i, place in enumerate(row)}
    best, last = _best_path(tree.trace), len(tree.places) - 1
    lines: dict[str, list[tuple[int, Point, Point]]] = {uid: [] for uid in _LINES}
    points: dict[str, list[tuple[int, Point]]] = {"tokens": [], "ends": []}
    for (t, i), place in places.items():
        branch = tree.trace.steps[t][i]
        start = places[t - 1, branch.parent] if t else (0.0, 0.5)
        lines["kept" if branch.kept else "cut"].append((t, start, place))
        if (t, i) in best:
            lines["best"].append((last, start, place))
        points["tokens"].append((t, place))
        if branch.rank:
            points["ends"].append((t, place))
    gap = (np.nan, np.nan)
    flat = {uid: [(t, one) for t, *ends in parts for one in (*ends, gap)] for uid, parts in lines.items()} | points
    return {
        uid: (np.array([t for t, _ in part]), *np.array([point for _, point in part]).reshape(-1, 2).T)
        for uid, part in flat.items()
    }


def beam_patch(tree: Tree, step: int) -> Patch:
    """What the search has done after a step (from 0); the best output shows when it has ended."""
    return {f"{uid}.x": np.where(appears <= step, x, np.nan) for uid, (appears, x, _) in _parts(tree).items()}


def _told(branch: Branch) -> str:
    what = "kept" if branch.kept else "cut off"
    return f"{branch.token}: {branch.probability:.1%}, log P {number(branch.log_probability)}, {what}"


def _best_path(trace: BeamTrace) -> set[tuple[int, int]]:
    """Return the step and number of every branch on the way to the best output."""
    ends = [(t, i) for t, branches in enumerate(trace.steps) for i, one in enumerate(branches) if one.rank == 1]
    path = set()
    for t, i in ends:
        while t >= 0:
            path.add((t, i))
            t, i = t - 1, trace.steps[t][i].parent
    return path


def describe_beam(tree: Tree, step: int) -> str:
    """Say what this step kept and cut off, and after the last one what came out."""
    trace = tree.trace
    branches = trace.steps[step]
    kept = [f"“{one.token}” {one.probability:.0%}" for one in branches if one.kept]
    cut = [f"“{one.token}” {one.probability:.0%}" for one in branches if not one.kept]
    text = f"“{trace.source}”, step {step + 1} of {len(trace.steps)}, width {trace.width}. Kept: {listed(kept)}."
    text += f" Cut off next: {listed(cut)}." if cut else ""
    if step < len(trace.steps) - 1:
        return text
    output, log_probability, score = trace.outputs[0]
    score_told = f", {number(score)} after division" if trace.alpha else ""
    others = f" of {len(trace.outputs)}" if len(trace.outputs) > 1 else ""
    return f"{text} The best output{others}: “{output}”, log P {number(log_probability)}{score_told}."


def beam(trace: BeamTrace, step: int | None = None) -> Picture:
    """Draw a beam search after a step (from 0), or whole."""
    tree, step = laid_out(trace), len(trace.steps) - 1 if step is None else step
    return Picture(patched(beam_figure(tree), beam_patch(tree, step)), describe_beam(tree, step))
