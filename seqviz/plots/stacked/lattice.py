"""A network unfolded in time as a lattice: a column per step, a row per line of the equations, numbers at its nodes.

Wires, parts and the light along them are those of a cell's wiring diagram; here a row is a part.
"""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.gated.wiring import Diagram, Point, Wire, add_light, describe_wiring, look_of, said, wiring_patch
from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import DIVERGING, INK, new_figure, number

EQUATION = -1.25  # where the line that is pointed at stands, below the row of inputs


@dataclass(frozen=True)
class State:
    """A number of the network at its place, or a word where no number stands for it."""

    place: Point
    value: float | None
    word: str = ""


@dataclass(frozen=True)
class Flow:
    """A number beside a wire, to be seen while the part is lit, and on which side of its place it stands."""

    part: int
    place: Point
    value: float
    side: str


@dataclass(frozen=True)
class Lattice:
    """One step of a network unfolded over a sequence, and the other steps around it."""

    steps: int
    step: int
    rows: tuple[str, ...]  # what each row holds, from below; as many as the diagram has parts
    states: tuple[State, ...]
    flows: tuple[Flow, ...]
    diagram: Diagram


def lattice_figure(lattice: Lattice) -> go.Figure:
    """Draw all wires and states, and room for the line that lights up."""
    steps, rows = lattice.steps, len(lattice.rows)
    figure = _layout(lattice, steps, rows)
    left, right = lattice.step - 0.5, lattice.step + 0.5
    figure.add_scatter(
        x=[left, right, right, left, left],
        y=[-0.5, -0.5, rows - 0.5, rows - 0.5, -0.5],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor="rgba(128,128,128,0.16)",
        hoverinfo="skip",
    )
    add_light(figure)
    for _, wire in lattice.diagram.wires:
        x, y = zip(*wire.path, strict=True)
        figure.add_scatter(x=x, y=y, mode="lines", line=look_of(wire.value), hoverinfo="skip")
    _add_arrows(figure, [wire for _, wire in lattice.diagram.wires])
    _add_states(figure, lattice.states)
    figure.add_scatter(
        uid="flows",
        x=[flow.place[0] for flow in lattice.flows],
        y=np.full(len(lattice.flows), np.nan),
        text=[said(flow.value) for flow in lattice.flows],
        textposition=[flow.side for flow in lattice.flows],
        mode="text",
        textfont={"size": 11},
        hoverinfo="skip",
    )
    figure.add_scatter(
        uid="equation",
        x=[(steps - 1) / 2] * rows,
        y=np.full(rows, np.nan),
        text=[f"{part.symbols}<br>{part.numbers}" for part in lattice.diagram.parts],
        mode="text",
        textfont={"size": 13},
        hoverinfo="skip",
    )
    return figure


def _layout(lattice: Lattice, steps: int, rows: int) -> go.Figure:
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""}
    return new_figure(
        150 + 70 * rows,
        margin={"l": 40, "r": 8, "t": 40, "b": 4},
        hovermode=False,
        title={"text": lattice.diagram.heading, "font": {"size": 14}, "x": 0.5, "y": 0.985, "yanchor": "top"},
        xaxis=axis
        | {
            "range": [-0.6, steps - 0.4],
            "showticklabels": False,
        },
        yaxis=axis | {"range": [-2.0, rows - 0.4], "tickvals": list(range(rows)), "ticktext": list(lattice.rows)},
    )


def _add_arrows(figure: go.Figure, wires: list[Wire]) -> None:
    """Add an arrowhead to every wire, towards its end."""
    ends = np.array([wire.path[-2:] for wire in wires])
    places = ends[:, 0] + 0.55 * (ends[:, 1] - ends[:, 0])
    across, up = (ends[:, 1] - ends[:, 0]).T
    sideways = np.where(across > 0, "triangle-right", "triangle-left")
    figure.add_scatter(
        x=places[:, 0],
        y=places[:, 1],
        mode="markers",
        marker={
            "symbol": np.where(np.abs(across) > np.abs(up), sideways, "triangle-up").tolist(),
            "size": 9,
            "color": INK,
        },
        hoverinfo="skip",
    )


def _add_states(figure: go.Figure, states: tuple[State, ...]) -> None:
    """Add the numbers in circles coloured by sign, and the words."""
    numbers = [(state.place, state.value) for state in states if state.value is not None]
    values = np.array([value for _, value in numbers])
    figure.add_scatter(
        x=[x for (x, _), _ in numbers],
        y=[y for (_, y), _ in numbers],
        text=[number(round(value, 1) + 0.0, ".1f") for value in values],
        mode="markers+text",
        textfont={"size": 10, "color": np.where(np.abs(values) > 0.85, "#ffffff", "#000000").tolist()},
        marker={
            "size": 27,
            "color": values,
            "cmin": -1,
            "cmax": 1,
            "colorscale": DIVERGING,
            "line": {"color": INK, "width": 1},
        },
        hoverinfo="skip",
    )
    words = [state for state in states if state.value is None]
    figure.add_scatter(
        x=[state.place[0] for state in words],
        y=[state.place[1] for state in words],
        text=[state.word for state in words],
        mode="text",
        textfont={"size": 11},
        hoverinfo="skip",
    )


def lattice_patch(lattice: Lattice, part: int) -> Patch:
    """What follows the line of the equations: the light along its wires, their numbers, and the line itself."""
    shown = [flow.place[1] if flow.part == part else np.nan for flow in lattice.flows]
    return {**wiring_patch(lattice.diagram, part, EQUATION), "flows.y": np.array(shown)}


def lattice(drawn: Lattice, part: int) -> Picture:
    """Draw the lattice with one of its lines lit up."""
    return Picture(patched(lattice_figure(drawn), lattice_patch(drawn, part)), describe_wiring(drawn.diagram, part))
