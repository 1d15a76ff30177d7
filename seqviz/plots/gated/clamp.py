"""What a held gate changes in the watched cell and the answer, beside the free run."""

import math

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, add_mark, new_figure, number, visible
from seqviz.traces.gated.records import ClampTrace

_GHOST = {"color": INK, "width": 2, "dash": "dot"}


def clamp_bound(trace: ClampTrace) -> int:
    """The end of the cell's axis: a whole number, so that most settings share an axis."""
    return math.ceil(max(1.0, float(np.abs(trace.cells).max()), float(np.abs(trace.free_cells).max())))


def clamp_figure(trace: ClampTrace, answers: tuple[str, ...]) -> go.Figure:
    """Draw the free run of the watched cell and its gate, and room for what the clamp changes."""
    bound = clamp_bound(trace)
    figure = _layout(trace, bound, len(answers))
    _add_cell(figure, trace)
    _add_gate(figure, trace)
    _add_answers(figure, trace, answers)
    add_mark(figure, (-bound, bound))
    return figure


def _layout(trace: ClampTrace, bound: int, answers: int) -> go.Figure:
    """Return an empty figure: the cell above its gate, and the answers to their right."""
    steps = len(trace.tokens)
    ticks = {"tickvals": list(range(steps)), "ticktext": [visible(token) for token in trace.tokens]}
    across = {"range": [-0.5, steps - 0.5], "showgrid": False, "zeroline": False, "domain": [0, 0.66]}
    return new_figure(
        440,
        xaxis={**across, "showticklabels": False, "tickvals": []},
        yaxis={
            "domain": [0.42, 1],
            "range": [-1.05 * bound, 1.05 * bound],
            "title": f"cell {trace.unit + 1}: c<sub>t</sub>",
        },
        xaxis2={
            **across,
            **ticks,
            "matches": "x",
            "anchor": "y2",
            "tickangle": 0 if max(map(len, trace.tokens)) == 1 else -50,
        },
        yaxis2={"domain": [0, 0.34], "anchor": "x2", "range": [-0.03, 1.03], "title": f"{trace.gate} gate"},
        xaxis3={
            "domain": [0.8, 1],
            "anchor": "y3",
            "range": [0, 1],
            "title": "probability<br>at the end",
            "dtick": 0.5,
        },
        yaxis3={"anchor": "x3", "range": [answers - 0.5, -0.5], "type": "category", "dtick": 1},
        barmode="overlay",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )


def _add_cell(figure: go.Figure, trace: ClampTrace) -> None:
    steps = np.arange(len(trace.tokens))
    figure.add_scatter(
        uid="free-cells", x=steps, y=trace.free_cells, mode="lines", line=_GHOST, name="ghost: the free run"
    )
    figure.add_scatter(
        uid="cells",
        x=steps,
        y=trace.free_cells,
        mode="lines+markers",
        line={"color": CATEGORICAL[0], "width": 3},
        name="clamped",
    )


def _add_gate(figure: go.Figure, trace: ClampTrace) -> None:
    figure.add_scatter(
        uid="free-gate",
        x=np.arange(len(trace.tokens)),
        y=trace.free_gate,
        mode="lines",
        line=_GHOST,
        xaxis="x2",
        yaxis="y2",
        showlegend=False,
        name="free gate",
    )
    figure.add_scatter(
        uid="held-gate",
        x=[0],
        y=[trace.value],
        mode="markers",
        marker={"color": HIGHLIGHT, "size": 18, "symbol": "diamond"},
        cliponaxis=False,  # closed, it lies on the axis
        xaxis="x2",
        yaxis="y2",
        name="the held gate",
    )


def _add_answers(figure: go.Figure, trace: ClampTrace, answers: tuple[str, ...]) -> None:
    names = [visible(answer) for answer in answers]
    figure.add_bar(
        uid="answers",
        x=np.zeros(len(answers)),
        y=names,
        orientation="h",
        marker={"color": CATEGORICAL[0]},
        xaxis="x3",
        yaxis="y3",
        showlegend=False,
        hovertemplate="%{y}: %{x:.1%}<extra>clamped</extra>",
    )
    figure.add_scatter(
        uid="free-answers",
        x=trace.free_probabilities[_places(trace, answers)],
        y=names,
        mode="markers",
        marker={"color": INK, "symbol": "line-ns-open", "size": 16, "line": {"width": 3}},
        xaxis="x3",
        yaxis="y3",
        showlegend=False,
        hovertemplate="%{y}: %{x:.1%}<extra>free</extra>",
    )


def _places(trace: ClampTrace, answers: tuple[str, ...]) -> list[int]:
    return [trace.outputs.index(answer) for answer in answers]


def clamp_patch(trace: ClampTrace, answers: tuple[str, ...], step: int) -> Patch:
    """What follows the step at which the gate is held."""
    chosen = _places(trace, answers)
    return {
        "cells.y": trace.cells[step],
        "held-gate.x": [step],
        "held-gate.y": [trace.value],
        "answers.x": trace.probabilities[step, chosen],
        "mark.x": [step, step],
        # ghosts do not follow the step, but they change with the other controls
        "free-cells.y": trace.free_cells,
        "free-gate.y": trace.free_gate,
        "free-answers.x": trace.free_probabilities[chosen],
    }


def left_levels(trace: ClampTrace, answers: tuple[str, ...]) -> np.ndarray:
    """Return for each step the share that is left of the likeliest answer's probability if the gate is held there."""
    place = trace.outputs.index(free_answer(trace, answers))
    return np.clip(trace.probabilities[:, place] / trace.free_probabilities[place], 0, 1)


def free_answer(trace: ClampTrace, answers: tuple[str, ...]) -> str:
    """Return the answer that is likeliest in the free run."""
    return answers[int(trace.free_probabilities[_places(trace, answers)].argmax())]


def most_telling(trace: ClampTrace, answers: tuple[str, ...]) -> int:
    """Return the step at which holding the gate takes most of the answer's probability."""
    return int(left_levels(trace, answers).argmin())


def describe_clamp(trace: ClampTrace, answers: tuple[str, ...], step: int) -> str:
    """Say what was held, how far the cell is from its ghost at once and at the end, and what the answer becomes."""
    away = trace.cells[step] - trace.free_cells
    chosen = _places(trace, answers)
    free = free_answer(trace, answers)
    held = answers[int(trace.probabilities[step, chosen].argmax())]
    whose = f"the {trace.gate} gate of {f'cell {trace.unit + 1}' if trace.alone else 'all cells'}"
    answer = f"the answer stays “{visible(held)}”" if held == free else f"“{visible(free)}” becomes “{visible(held)}”"
    there, at_the_end = (number(away[at], "+.2f") for at in (step, -1))
    return (
        f"At step {step + 1}, “{visible(trace.tokens[step])}”, {whose} is held at {trace.value:g}: "
        f"c_t moves by {there} there and is {at_the_end} off at the end; {answer}."
    )


def clamp(trace: ClampTrace, answers: tuple[str, ...], step: int) -> Picture:
    """Draw the watched cell with its gate held at ``step`` (counted from 0), beside its ghost."""
    return Picture(
        patched(clamp_figure(trace, answers), clamp_patch(trace, answers, step)), describe_clamp(trace, answers, step)
    )
