"""A beam search as a tree: what every step kept, what it cut off, and which of the outputs is the best."""

from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, listed, new_figure, number
from seqviz.traces.translation.records import BeamTrace, Branch

_LINES = {
    "cut": ("cut off", {"color": "rgba(128,128,128,0.7)", "width": 1, "dash": "dot"}),
    "kept": ("kept", {"color": CATEGORICAL[0], "width": 2}),
    "best": ("the best output", {"color": HIGHLIGHT, "width": 4}),
}
ROW, AROUND = 48, 106  # pixels: of a step, and of what stands above and below the tree
ROOT = 0.2  # where the source is written, above step 1
HALF_A_WORD = 0.24  # of a row: no line runs through a word
Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Tree:
    """A trace and where its branches lie: x in 0 … 1 is the place in the step, y the step, from 1."""

    trace: BeamTrace
    places: tuple[tuple[Point, ...], ...]


def laid_out(trace: BeamTrace) -> Tree:
    """Put the branches of each step beside each other, children in the order of their parents."""
    places: list[tuple[Point, ...]] = []
    for step, branches in enumerate(trace.steps, 1):
        above = [places[-1][one.parent][0] if places else 0.0 for one in branches]
        order = sorted(range(len(branches)), key=lambda i: (above[i], -branches[i].log_probability))
        x = np.empty(len(branches))
        x[order] = (np.arange(len(branches)) + 0.5) / len(branches)
        places.append(tuple((float(one), float(step)) for one in x))
    return Tree(trace, tuple(places))


def beam_figure(tree: Tree) -> go.Figure:
    """Draw the whole tree, from the source downwards: words kept and cut off, outputs, and the best one's path."""
    last = len(tree.places)
    figure = new_figure(
        AROUND + ROW * last,
        showlegend=True,
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
        margin={"l": 48, "r": 8, "t": 66, "b": 16},
        xaxis={"range": [0, 1], "visible": False},
        yaxis={
            "range": [last + 0.5, 0.02],
            "tickvals": list(range(1, last + 1)),
            "title": "output step",
            "showgrid": False,
            "zeroline": False,
        },
        hovermode="closest",
    )
    parts = _parts(tree)
    for uid, (name, line) in _LINES.items():
        _, x, y = parts[uid]
        figure.add_scatter(uid=uid, x=x, y=y, mode="lines", line=line, name=name, hoverinfo="skip")
    branches = [branch for step in tree.trace.steps for branch in step]
    words = {
        "words": [branch for branch in branches if branch.kept and not branch.rank],
        "missed": [branch for branch in branches if not branch.kept],
    }
    for uid, told in words.items():
        _add_words(figure, uid, parts[uid], told)
    _add_outputs(figure, parts["outputs"], [branch for branch in branches if branch.rank])
    source = f"“{escape(tree.trace.source)}”"
    figure.add_scatter(uid="root", x=[0.5], y=[ROOT], mode="text", text=[source], showlegend=False, hoverinfo="skip")
    return figure


Part = tuple[np.ndarray, np.ndarray, np.ndarray]


def _add_words(figure: go.Figure, uid: str, part: Part, branches: list[Branch]) -> None:
    _, x, y = part
    figure.add_scatter(
        uid=uid,
        x=x,
        y=y,
        mode="text",
        # the end is no word; what was cut off leans, so that colour and dashes are not the only signs
        text=[_word(branch) if branch.kept else f"<i>{_word(branch)}</i>" for branch in branches],
        customdata=[_told(branch) for branch in branches],
        textfont={"size": 11},
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )


def _add_outputs(figure: go.Figure, part: Part, branches: list[Branch]) -> None:
    _, x, y = part
    figure.add_scatter(
        uid="outputs",
        x=x,
        y=y,
        mode="markers+text",
        text=[str(branch.rank) for branch in branches],
        customdata=[_told(branch) for branch in branches],
        textfont={"size": 11, "color": "white"},
        marker={"color": "#00684c", "size": 19, "symbol": "square"},
        hovertemplate="%{customdata}<extra></extra>",
        name="an output, with its rank",
    )


def _parts(tree: Tree) -> dict[str, Part]:
    """Return, for each part of the picture, at which step every point of it appears, its x and its y."""
    places = {(t, i): place for t, row in enumerate(tree.places) for i, place in enumerate(row)}
    best, last = _best_path(tree.trace), len(tree.places) - 1
    lines: dict[str, list[tuple[int, Point, Point]]] = {uid: [] for uid in _LINES}
    points: dict[str, list[tuple[int, Point]]] = {"words": [], "missed": [], "outputs": []}
    for (t, i), place in places.items():
        branch = tree.trace.steps[t][i]
        from_x, from_y = places[t - 1, branch.parent] if t else (0.5, ROOT)
        ends = (from_x, from_y + HALF_A_WORD), (place[0], place[1] - HALF_A_WORD)
        lines["kept" if branch.kept else "cut"].append((t, *ends))
        if (t, i) in best:
            lines["best"].append((last, *ends))
        points["outputs" if branch.rank else "words" if branch.kept else "missed"].append((t, place))
    gap = (np.nan, np.nan)
    flat = {uid: [(t, one) for t, *ends in parts for one in (*ends, gap)] for uid, parts in lines.items()} | points
    found: dict[str, Part] = {}
    for uid, part in flat.items():
        x, y = np.array([point for _, point in part]).reshape(-1, 2).T
        found[uid] = np.array([t for t, _ in part]), x, y
    return found


def beam_patch(tree: Tree, step: int) -> Patch:
    """What the search has done after a step (from 0); the best output shows when it has ended."""
    return {f"{uid}.x": np.where(appears <= step, x, np.nan) for uid, (appears, x, _) in _parts(tree).items()}


def _word(branch: Branch) -> str:
    return "■" if branch.ended else escape(branch.token)


def _told(branch: Branch) -> str:
    what = f"output {branch.rank}" if branch.rank else "kept" if branch.kept else "cut off"
    return f"{escape(branch.token)}: {branch.probability:.1%}, log P {number(branch.log_probability)}, {what}"


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
    kept = [_said(one) for one in branches if one.kept]
    cut = [_said(one) for one in branches if not one.kept]
    text = f"“{trace.source}”, step {step + 1} of {len(trace.steps)}, width {trace.width}. Kept: {listed(kept)}."
    text += f" Cut off next: {listed(cut)}." if cut else ""
    if step < len(trace.steps) - 1:
        return text
    output, log_probability, score = trace.outputs[0]
    score_told = f", {number(score)} after division" if trace.alpha else ""
    others = f" of {len(trace.outputs)}" if len(trace.outputs) > 1 else ""
    return f"{text} The best output{others}: “{output}”, log P {number(log_probability)}{score_told}."


def _said(branch: Branch) -> str:
    return f"{'the end' if branch.ended else f'“{branch.token}”'} {branch.probability:.0%}"


def beam(trace: BeamTrace, step: int | None = None) -> Picture:
    """Draw a beam search after a step (from 0), or whole."""
    tree, step = laid_out(trace), len(trace.steps) - 1 if step is None else step
    return Picture(patched(beam_figure(tree), beam_patch(tree, step)), describe_beam(tree, step))
