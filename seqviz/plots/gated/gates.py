"""The gates of an LSTM under a sequence: which cells pass a threshold over a span, and where else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Bool, Float

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, SEQUENTIAL, add_frame, around, new_figure, visible
from seqviz.traces.gated.records import GateTrace

# all between 0 and 1, so that they share one axis and one threshold
QUANTITIES: Mapping[str, Callable[[GateTrace], np.ndarray]] = {
    "keeps: forget gate f_t": lambda trace: trace.forget,
    "erases: 1 − f_t": lambda trace: 1 - trace.forget,
    "writes: input gate i_t": lambda trace: trace.input,
    "shows: output gate o_t": lambda trace: trace.output,
    "holds: |tanh c_t|": lambda trace: np.abs(np.tanh(trace.cells)),
}
BRIGHT = 3  # how many lit cells get their own curve


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
        """Return the first and the last step of the span, which is cut off at the end of the sequence."""
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
    figure = _layout(brush)
    _add_curves(figure, brush)
    _add_map(figure, brush)
    cells = brush.values.shape[1]
    add_frame(figure, (-0.03, 1.03), "frame-above")
    add_frame(figure, (0.5, cells + 0.5), "frame-below", xaxis="x2", yaxis="y2")
    _add_lit_cells(figure, cells)
    return figure


def _layout(brush: Brush) -> go.Figure:
    """Return an empty figure: curves above, the map below, both over the steps."""
    (steps, cells), tokens = brush.values.shape, brush.trace.tokens
    across = {"range": [0.5, steps + 0.5], "showgrid": False, "zeroline": False}
    return new_figure(
        500,
        xaxis={**across, "showticklabels": False, "tickvals": []},
        yaxis={"domain": [0.54, 1], "range": [-0.03, 1.03], "title": "all cells", "dtick": 0.25},
        xaxis2={
            **across,
            "tickvals": list(range(1, steps + 1)),
            "ticktext": [visible(token) for token in tokens],
            "tickangle": 0 if max(map(len, tokens)) == 1 else -50,
            "matches": "x",
            "anchor": "y2",
            "title": "what it has just read",
            "tickfont": {"size": 11},
        },
        yaxis2={
            "domain": [0, 0.5],
            "anchor": "x2",
            "range": [cells + 0.5, 0.5],
            "title": "cell",
            "showgrid": False,
            "zeroline": False,
        },
    )


def _add_curves(figure: go.Figure, brush: Brush) -> None:
    """Add a faint curve for every cell, room for the bright ones, and the threshold."""
    steps, cells = brush.values.shape
    with_gap = np.append(np.arange(1.0, steps + 1), np.nan)  # one trace for many curves, a gap after each
    figure.add_scatter(
        x=np.tile(with_gap, cells),
        y=np.vstack([brush.values, np.full(cells, np.nan)]).T.ravel(),
        mode="lines",
        line={"color": "rgba(128,128,128,0.35)", "width": 1},
        hoverinfo="skip",
    )
    figure.add_scatter(
        uid="bright",
        x=np.tile(with_gap, BRIGHT),
        y=np.full(BRIGHT * (steps + 1), np.nan),
        mode="lines",
        line={"color": CATEGORICAL[1], "width": 2.5},
        hoverinfo="skip",
    )
    figure.add_scatter(
        uid="threshold",
        x=[0.5, steps + 0.5],
        y=[0, 0],
        mode="lines",
        line={"color": HIGHLIGHT, "width": 3, "dash": "dash"},
        hoverinfo="skip",
    )


def _add_map(figure: go.Figure, brush: Brush) -> None:
    figure.add_heatmap(
        x0=1,
        y0=1,
        z=brush.values.T,
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        xaxis="x2",
        yaxis="y2",
        colorbar={"thickness": 10, "len": 0.5, "y": 0.25, "tickvals": [0, 0.5, 1]},
        hovertemplate="step %{x:d}, cell %{y:d}: %{z:.2f}<extra></extra>",
    )


def _add_lit_cells(figure: go.Figure, cells: int) -> None:
    figure.add_scatter(
        uid="lit",
        x=np.full(cells, 0.5),
        y=np.full(cells, np.nan),
        mode="markers",
        marker={"symbol": "triangle-right", "size": 10, "color": CATEGORICAL[1]},
        cliponaxis=False,
        xaxis="x2",
        yaxis="y2",
        hovertemplate="cell %{y:d} is lit<extra></extra>",
    )


def gates_patch(brush: Brush, start: int) -> Patch:
    """What follows the span and the threshold: the bright curves, the line, both frames, the lit cells."""
    steps, cells = brush.values.shape
    curves = np.full((BRIGHT, steps + 1), np.nan)
    chosen = brightest(brush, start)
    curves[: len(chosen), :steps] = brush.values[:, chosen].T
    first, last = brush.span(start)
    frame = around(first + 1, last + 1)
    return {
        "bright.y": curves.ravel(),
        "threshold.y": [brush.threshold, brush.threshold],
        "frame-above.x": frame,
        "frame-below.x": frame,
        "lit.y": np.where(lit(brush, start), np.arange(1, cells + 1), np.nan),
    }


def describe_gates(brush: Brush, start: int) -> str:
    """Say how many cells are lit, which are the brightest, and at how many other steps all of them are lit."""
    first, last = brush.span(start)
    shown = [visible(token) for token in brush.trace.tokens]
    single = max(map(len, shown)) == 1
    read = ("" if single else " ").join(shown[first : last + 1])
    chosen = lit(brush, start)
    where = f"{brush.quantity}, at least {brush.threshold:.2f} over “{read}”"
    if not chosen.any():
        return f"{where}: no cell."
    names = ", ".join(str(cell + 1) for cell in brightest(brush, start))
    elsewhere = int((levels(brush, start) == 1).sum()) - (last - first + 1)
    return (
        f"{where}: {int(chosen.sum())} of {len(chosen)} cells, most of all {names}; "
        f"all of them together at {elsewhere} other steps."
    )


def gates(brush: Brush, start: int) -> Picture:
    """Draw which cells reach the threshold over the span that begins at ``start`` (counted from 0)."""
    return Picture(patched(gates_figure(brush), gates_patch(brush, start)), describe_gates(brush, start))
