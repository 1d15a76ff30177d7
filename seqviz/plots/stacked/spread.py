"""Which states of a stack move when one input is erased."""

from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import SEQUENTIAL, add_frame, around, listed, new_figure, visible
from seqviz.traces.stacked.records import SpreadTrace

DECADES = (-5, 1)  # one scale for every network and step, so that colours can be compared


def moved(trace: SpreadTrace, erased: int) -> np.ndarray:
    """log₁₀ of the change of every state, a row per layer or part; NaN, an empty cell, where nothing moves."""
    changes = trace.changes[erased]
    with np.errstate(divide="ignore"):
        return np.where(changes > 0, np.clip(np.log10(changes), *DECADES), np.nan)


def spread_figure(trace: SpreadTrace) -> go.Figure:
    """Draw an empty grid of states, the input at the bottom."""
    _, rows, steps = trace.changes.shape
    figure = new_figure(110 + (36 if rows > 5 else 48) * rows)
    figure.update_xaxes(
        range=[0.5, steps + 0.5],
        tickvals=list(range(1, steps + 1)),
        ticktext=[visible(token) for token in trace.tokens],
        tickangle=0 if steps <= 9 else -30,
        title="step t",
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        range=[-0.5, rows - 0.5],
        tickvals=list(range(rows)),
        ticktext=list(trace.rows),
        showgrid=False,
        zeroline=False,
    )
    low, high = DECADES
    figure.add_heatmap(
        uid="moved",
        x0=1,
        z=np.full((rows, steps), np.nan),
        zmin=low,
        zmax=high,
        colorscale=SEQUENTIAL,
        xgap=2,
        ygap=2,
        hoverongaps=False,
        colorbar={
            "thickness": 10,
            "title": {"text": "moves by", "side": "right"},
            "tickvals": [low, (low + high) // 2, high],
            "ticktext": [f"10<sup>{power}</sup>" for power in (low, (low + high) // 2, high)],
        },
        hovertemplate="%{y}, step %{x:d}: moves by 10<sup>%{z:.1f}</sup><extra></extra>",
    )
    add_frame(figure, (-0.5, 0.5))
    return figure


def spread_patch(trace: SpreadTrace, erased: int) -> Patch:
    """What follows the erased input: the colours, and the frame around it."""
    return {"moved.z": moved(trace, erased), "frame.x": around(erased + 1, erased + 1)}


def arrivals(trace: SpreadTrace, erased: int) -> np.ndarray:
    """Return for every state how many connections lie between the erased input and it; NaN where none lead there.

    A state is connected with the next one in its row's direction, and with all of the row or rows above.
    """
    hops = np.full(trace.changes.shape[1:], np.nan)
    hops[0, erased] = 0
    reached = [(0, erased)]
    for row, step in reached:  # grows as it goes: nearest first
        for there in _connected(trace, row, step):
            if np.isnan(hops[there]):
                hops[there] = hops[row, step] + 1
                reached.append(there)
    return hops


def _connected(trace: SpreadTrace, row: int, step: int) -> Iterator[tuple[int, int]]:
    """Yield the states, as row and step, that read this one."""
    layers = [0 if name == "input" else int(name.split()[1]) for name in trace.rows]
    for other, layer in enumerate(layers):
        if layer == layers[row] + 1:
            yield other, step
    after = step - 1 if trace.rows[row].endswith("←") else step + 1
    if layers[row] and 0 <= after < len(trace.tokens):
        yield row, after


def describe_spread(trace: SpreadTrace, erased: int) -> str:
    """Say, row by row, at which steps the states move."""
    moves: dict[str, list[str]] = {}  # rows with the same steps are named together
    for row, changes in zip(trace.rows[1:], trace.changes[erased, 1:], strict=True):
        moves.setdefault(_steps(changes), []).append(row)
    said = [f"in {listed(rows)} {what}" for what, rows in moves.items()]
    return f"Erase “{visible(trace.tokens[erased])}”, step {erased + 1}: {'; '.join(said)}."


def _steps(changes: np.ndarray) -> str:
    steps = np.flatnonzero(changes) + 1
    if not len(steps):
        return "nothing moves"
    if len(steps) == len(changes):
        return "the states of all steps move"
    if len(steps) == 1:
        return f"the state of step {steps[0]} moves"
    return f"the states of steps {steps[0]} to {steps[-1]} move"


def spread(trace: SpreadTrace, erased: int) -> Picture:
    """Draw how far every state moves when the input of one step (counted from 0) is erased."""
    return Picture(patched(spread_figure(trace), spread_patch(trace, erased)), describe_spread(trace, erased))
