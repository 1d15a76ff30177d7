"""The gates of an LSTM under a sequence: cells that pass a threshold over a span, and what a held gate changes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Bool, Float

from seqviz.plots.patch import Patch, patched
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, SEQUENTIAL, add_mark, new_figure, number, visible
from seqviz.traces.records import ClampTrace, GateTrace

# all between 0 and 1, so that one axis and one threshold serve
QUANTITIES: Mapping[str, Callable[[GateTrace], np.ndarray]] = {
    "keeps: forget gate f_t": lambda trace: trace.forget,
    "erases: 1 − f_t": lambda trace: 1 - trace.forget,
    "writes: input gate i_t": lambda trace: trace.input,
    "shows: output gate o_t": lambda trace: trace.output,
    "holds: |tanh c_t|": lambda trace: np.abs(np.tanh(trace.cells)),
}
BRIGHT = 3  # how many lit cells get a curve of their own


@dataclass(frozen=True, eq=False)
class Brush:
    """A quantity of every cell, a threshold, and how many steps in a row must reach it."""

    trace: GateTrace
    quantity: str
    threshold: float
    width: int

    @property
    def values(self) -> Float[np.ndarray, "time hidden"]:
        """The quantity at every step, for every cell."""
        return QUANTITIES[self.quantity](self.trace)

    def span(self, start: int) -> tuple[int, int]:
        """Return the first and the last step of the span, which ends with the sequence at the latest."""
        return start, min(start + self.width, len(self.trace.tokens)) - 1


def lit(brush: Brush, start: int) -> Bool[np.ndarray, " hidden"]:
    """Which cells reach the threshold at every step of the span."""
    first, last = brush.span(start)
    return np.asarray((brush.values[first : last + 1] >= brush.threshold).all(0))


def brightest(brush: Brush, start: int) -> np.ndarray:
    """Return the lit cells that stay furthest above the threshold, BRIGHT of them at most."""
    first, last = brush.span(start)
    least = brush.values[first : last + 1].min(0)
    order = np.argsort(-least, kind="stable")
    return order[lit(brush, start)[order]][:BRIGHT]


def levels(brush: Brush, start: int) -> Float[np.ndarray, " time"]:
    """For every step, the share of the lit cells that reach the threshold there too; NaN where no cell is lit."""
    chosen = lit(brush, start)
    if not chosen.any():
        return np.full(len(brush.trace.tokens), np.nan)
    return (brush.values[:, chosen] >= brush.threshold).mean(1)


def gates_figure(brush: Brush) -> go.Figure:
    """Draw the quantity of all cells, as faint curves and as a heat map, with nothing selected."""
    values, tokens = brush.values, brush.trace.tokens
    steps, cells = values.shape
    ticks = {"tickvals": list(range(steps)), "ticktext": [visible(token) for token in tokens], "tickangle": 0}
    if max(map(len, tokens)) > 1:
        ticks["tickangle"] = -50
    across = {"range": [-0.5, steps - 0.5], "showgrid": False, "zeroline": False}
    figure = new_figure(
        500,
        xaxis={**across, "showticklabels": False, "tickvals": []},
        yaxis={"domain": [0.54, 1], "range": [-0.03, 1.03], "title": "all cells", "dtick": 0.25},
        xaxis2={**across, **ticks, "anchor": "y2", "title": "what it has just read", "tickfont": {"size": 11}},
        yaxis2={
            "domain": [0, 0.5],
            "anchor": "x2",
            "range": [cells - 0.5, -0.5],
            "title": "cell",
            "showgrid": False,
            "zeroline": False,
        },
    )
    figure.add_scatter(
        x=np.tile(np.append(np.arange(steps, dtype=float), np.nan), cells),
        y=np.vstack([values, np.full(cells, np.nan)]).T.ravel(),
        mode="lines",
        line={"color": "rgba(128,128,128,0.35)", "width": 1},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=np.tile(np.append(np.arange(steps, dtype=float), np.nan), BRIGHT),
        y=np.full(BRIGHT * (steps + 1), np.nan),
        mode="lines",
        line={"color": CATEGORICAL[1], "width": 2.5},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[-0.5, steps - 0.5],
        y=[0, 0],
        mode="lines",
        line={"color": HIGHLIGHT, "width": 3, "dash": "dash"},
        hoverinfo="skip",
    )
    figure.add_heatmap(
        z=values.T,
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        xaxis="x2",
        yaxis="y2",
        colorbar={"thickness": 10, "len": 0.5, "y": 0.25, "tickvals": [0, 0.5, 1]},
        hovertemplate="step %{x}, cell %{y}: %{z:.2f}<extra></extra>",
    )
    for axes, (low, high) in (({}, (-0.03, 1.03)), ({"xaxis": "x2", "yaxis": "y2"}, (-0.5, cells - 0.5))):
        figure.add_scatter(
            x=_around(0, 0),
            y=[low, high, high, low, low],
            mode="lines",
            line={"color": HIGHLIGHT, "width": 2},
            hoverinfo="skip",
            cliponaxis=False,
            **axes,
        )
    figure.add_scatter(
        x=np.full(cells, -0.5),
        y=np.full(cells, np.nan),
        mode="markers",
        marker={"symbol": "triangle-right", "size": 10, "color": CATEGORICAL[1]},
        cliponaxis=False,
        xaxis="x2",
        yaxis="y2",
        hovertemplate="cell %{y} is lit<extra></extra>",
    )
    return figure


def _around(first: int, last: int) -> list[float]:
    return [first - 0.5, first - 0.5, last + 0.5, last + 0.5, first - 0.5]


def gates_patch(brush: Brush, start: int) -> Patch:
    """What follows the span and the threshold: the bright curves, the line, both frames, the lit cells."""
    steps, cells = brush.values.shape
    curves = np.full((BRIGHT, steps + 1), np.nan)
    chosen = brightest(brush, start)
    curves[: len(chosen), :steps] = brush.values[:, chosen].T
    frame = _around(*brush.span(start))
    return {
        "data.1.y": curves.ravel(),
        "data.2.y": [brush.threshold, brush.threshold],
        "data.4.x": frame,
        "data.5.x": frame,
        "data.6.y": np.where(lit(brush, start), np.arange(cells), np.nan),
    }


def plot_gates(brush: Brush, start: int) -> go.Figure:
    """Draw which cells reach the threshold over the span that begins at ``start`` (counted from 0)."""
    return patched(gates_figure(brush), gates_patch(brush, start))


def describe_gates(brush: Brush, start: int) -> str:
    """Say how many cells are lit, which of them most, and where else all of them are."""
    first, last = brush.span(start)
    shown = [visible(token) for token in brush.trace.tokens]
    single = max(map(len, shown)) == 1
    read = ("" if single else " ").join(shown[first : last + 1])
    chosen = lit(brush, start)
    where = f"{brush.quantity}, at least {brush.threshold:.2f} over “{read}”"
    if not chosen.any():
        return f"{where}: no cell."
    names = ", ".join(map(str, brightest(brush, start)))
    elsewhere = int((levels(brush, start) == 1).sum()) - (last - first + 1)
    return (
        f"{where}: {int(chosen.sum())} of {len(chosen)} cells, most of all {names}; "
        f"all of them together at {elsewhere} other steps."
    )


def clamp_bound(trace: ClampTrace) -> int:
    """Where the axis of the cell ends: whole numbers, so that few settings need an axis of their own."""
    return math.ceil(max(1.0, float(np.abs(trace.cells).max()), float(np.abs(trace.free_cells).max())))


def clamp_figure(trace: ClampTrace, answers: tuple[str, ...]) -> go.Figure:
    """Draw the free run of the watched cell and its gate, and room for what the clamp changes."""
    steps = len(trace.tokens)
    ticks = {"tickvals": list(range(steps)), "ticktext": [visible(token) for token in trace.tokens]}
    across = {"range": [-0.5, steps - 0.5], "showgrid": False, "zeroline": False, "domain": [0, 0.66]}
    bound = clamp_bound(trace)
    figure = new_figure(
        440,
        xaxis={**across, "showticklabels": False, "tickvals": []},
        yaxis={
            "domain": [0.42, 1],
            "range": [-1.05 * bound, 1.05 * bound],
            "title": f"cell {trace.unit}: c<sub>t</sub>",
        },
        xaxis2={**across, **ticks, "anchor": "y2", "tickangle": 0 if max(map(len, trace.tokens)) == 1 else -50},
        yaxis2={"domain": [0, 0.34], "anchor": "x2", "range": [-0.03, 1.03], "title": f"{trace.gate} gate"},
        xaxis3={
            "domain": [0.8, 1],
            "anchor": "y3",
            "range": [0, 1],
            "title": "probability<br>at the end",
            "dtick": 0.5,
        },
        yaxis3={
            "anchor": "x3",
            "range": [len(answers) - 0.5, -0.5],
            "type": "category",
            "dtick": 1,
        },
        barmode="overlay",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    at = np.arange(steps)
    chosen = [trace.outputs.index(answer) for answer in answers]
    names = [visible(answer) for answer in answers]
    ghost = {"color": INK, "width": 2, "dash": "dot"}
    figure.add_scatter(x=at, y=trace.free_cells, mode="lines", line=ghost, name="ghost: the free run")
    figure.add_scatter(
        x=at, y=trace.free_cells, mode="lines+markers", line={"color": CATEGORICAL[0], "width": 3}, name="clamped"
    )
    figure.add_scatter(
        x=at, y=trace.free_gate, mode="lines", line=ghost, xaxis="x2", yaxis="y2", showlegend=False, name="free gate"
    )
    figure.add_scatter(
        x=[0],
        y=[trace.value],
        mode="markers",
        marker={"color": HIGHLIGHT, "size": 12, "symbol": "diamond"},
        xaxis="x2",
        yaxis="y2",
        name="the held gate",
    )
    figure.add_bar(
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
        x=trace.free_probabilities[chosen],
        y=names,
        mode="markers",
        marker={"color": INK, "symbol": "line-ns-open", "size": 16, "line": {"width": 3}},
        xaxis="x3",
        yaxis="y3",
        showlegend=False,
        hovertemplate="%{y}: %{x:.1%}<extra>free</extra>",
    )
    add_mark(figure, (-bound, bound))
    return figure.update_traces(showlegend=False, selector=6)


def clamp_patch(trace: ClampTrace, answers: tuple[str, ...], step: int) -> Patch:
    """What follows the step at which the gate is held."""
    chosen = [trace.outputs.index(answer) for answer in answers]
    return {
        "data.1.y": trace.cells[step],
        "data.3.x": [step],
        "data.3.y": [trace.value],
        "data.4.x": trace.probabilities[step, chosen],
        "data.6.x": [step, step],
        # the ghosts stay within one setting and change with the next
        "data.0.y": trace.free_cells,
        "data.2.y": trace.free_gate,
        "data.5.x": trace.free_probabilities[chosen],
    }


def plot_clamp(trace: ClampTrace, answers: tuple[str, ...], step: int) -> go.Figure:
    """Draw the watched cell with its gate held at ``step`` (counted from 0), beside its ghost."""
    return patched(clamp_figure(trace, answers), clamp_patch(trace, answers, step))


def describe_clamp(trace: ClampTrace, answers: tuple[str, ...], step: int) -> str:
    """Say what was held, how far the cell is from its ghost at once and at the end, and what the answer becomes."""
    away = trace.cells[step] - trace.free_cells
    chosen = [trace.outputs.index(answer) for answer in answers]
    free = answers[int(trace.free_probabilities[chosen].argmax())]
    held = answers[int(trace.probabilities[step, chosen].argmax())]
    whose = f"the {trace.gate} gate of {f'cell {trace.unit}' if trace.alone else 'all cells'}"
    answer = f"the answer stays “{visible(held)}”" if held == free else f"“{visible(free)}” becomes “{visible(held)}”"
    there, at_the_end = (number(away[at], "+.2f") for at in (step, -1))
    return (
        f"At step {step + 1}, “{visible(trace.tokens[step])}”, {whose} is held at {trace.value:g}: "
        f"c_t moves by {there} there and is {at_the_end} off at the end; {answer}."
    )
