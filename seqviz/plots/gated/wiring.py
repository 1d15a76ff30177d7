"""The inside of a gated cell as a wiring diagram: numbers on wires, and one part of it lit up.

A diagram is the picture of one step. Its parts stand in columns from left to right, in the order in which they are
computed; each is a line of the equations with the wires and nodes that belong to it.
"""

import re
from dataclasses import dataclass
from itertools import chain

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import DIVERGING, HIGHLIGHT, INK, new_figure, number

Point = tuple[float, float]
GAP = (np.nan, np.nan)  # between two strokes of one trace
NEGATIVE, POSITIVE = DIVERGING[0][1], DIVERGING[-1][1]


@dataclass(frozen=True)
class Wire:
    """A line from node to node, the number that flows through it, and where this is written; a vector has none."""

    path: tuple[Point, ...]
    value: float | None = None
    name: str = ""
    label: Point | None = None


@dataclass(frozen=True)
class Node:
    """An operation: ⊙ and + are circles, functions are boxes."""

    place: Point
    sign: str
    held: bool = False


@dataclass(frozen=True)
class Part:
    """One line of the equations, in symbols and in numbers, with the names of its wires and nodes."""

    name: str
    symbols: str
    numbers: str
    wires: tuple[str, ...]
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagram:
    """One step of one cell. A tuple of pairs is a mapping that can be hashed."""

    heading: str
    wires: tuple[tuple[str, Wire], ...]
    nodes: tuple[tuple[str, Node], ...]
    parts: tuple[Part, ...]
    ending: str = ""  # a sentence about the step as a whole


def said(value: float) -> str:
    """Return a number to two decimals; what rounds to nothing has no sign."""
    return number(round(value, 2) + 0.0)


def total(parts: np.ndarray) -> str:
    """Return what a gate adds up, as an equation writes it."""
    first, *others = (float(part) for part in parts)
    return said(first) + "".join(f" {'−' if other < 0 else '+'} {abs(other):.2f}" for other in others)


def factor(value: float) -> str:
    """Return a number as the second factor of a product: a negative one in brackets."""
    return f"({said(value)})" if said(value).startswith("−") else said(value)


def wiring_figure(diagram: Diagram) -> go.Figure:
    """Draw all wires, nodes and numbers, and room for the part that lights up."""
    wires, nodes = dict(diagram.wires), dict(diagram.nodes)
    last = len(diagram.parts) - 1
    figure = new_figure(450, margin={"l": 4, "r": 4, "t": 44, "b": 4}, hovermode=False, title=_title(diagram.heading))
    figure.update_xaxes(range=[-0.75, last + 0.75], visible=False, fixedrange=True)
    figure.update_yaxes(range=[-1.9, 3.65], visible=False, fixedrange=True)
    add_light(figure)
    for wire in wires.values():
        x, y = zip(*wire.path, strict=True)
        figure.add_scatter(x=x, y=y, mode="lines", line=look_of(wire.value), hoverinfo="skip")
    for boxed in (False, True):
        _add_nodes(figure, [node for node in nodes.values() if (node.sign not in ("⊙", "+", "1 −")) == boxed], boxed)
    labelled = [wire for wire in wires.values() if wire.label]
    figure.add_scatter(
        x=[wire.label[0] for wire in labelled if wire.label],
        y=[wire.label[1] for wire in labelled if wire.label],
        text=[wire.name if wire.value is None else f"{wire.name}<br>{said(wire.value)}" for wire in labelled],
        mode="text",
        textfont={"size": 12},
        hoverinfo="skip",
    )
    figure.add_scatter(
        uid="equation",
        x=[last / 2] * len(diagram.parts),
        y=np.full(len(diagram.parts), np.nan),
        text=[f"{part.symbols}<br>{part.numbers}" for part in diagram.parts],
        mode="text",
        textfont={"size": 15},
        hoverinfo="skip",
    )
    return figure


def add_light(figure: go.Figure) -> None:
    """Add the light, which a patch of its x and y lays along wires."""
    figure.add_scatter(
        uid="lit", x=[0], y=[0], mode="lines", line={"color": HIGHLIGHT, "width": 16}, opacity=0.35, hoverinfo="skip"
    )


def _title(text: str) -> dict[str, object]:
    return {"text": text, "font": {"size": 14}, "x": 0.5, "xanchor": "center", "y": 0.99, "yanchor": "top"}


def look_of(value: float | None) -> dict[str, object]:
    """Thicker where more flows; orange above zero, blue below, grey for a vector."""
    if value is None:
        return {"color": "rgba(128,128,128,0.6)", "width": 2}
    return {"color": NEGATIVE if value < 0 else POSITIVE, "width": 1.5 + 6 * min(1.0, abs(value))}


def _add_nodes(figure: go.Figure, nodes: list[Node], boxed: bool) -> None:
    figure.add_scatter(
        x=[node.place[0] for node in nodes],
        y=[node.place[1] for node in nodes],
        text=[node.sign for node in nodes],
        mode="markers+text",
        textfont={
            "size": [12 if boxed or len(node.sign) > 1 else 15 for node in nodes],
            "color": ["#ffffff" if node.held else "#000000" for node in nodes],
        },
        marker={
            "symbol": "square" if boxed else "circle",
            "size": 34 if boxed else 25,
            "color": [HIGHLIGHT if node.held else "#f0e6c8" if boxed else "#ffffff" for node in nodes],
            "line": {"color": INK, "width": 1.5},
        },
        hoverinfo="skip",
    )


def wiring_patch(diagram: Diagram, part: int, height: float = -1.4) -> Patch:
    """What follows the part: the light along its wires, and at a height of its own its line of the equations."""
    wires, parts = dict(diagram.wires), diagram.parts
    strokes = [[(*wires[name].path, GAP) for name in one.wires] for one in parts]
    points = [list(chain.from_iterable(of_part)) for of_part in strokes]
    longest = max(map(len, points))  # the patches of all parts are stacked
    lit = np.array(points[part] + [GAP] * (longest - len(points[part])))
    shown = np.where(np.arange(len(parts)) == part, height, np.nan)
    return {"lit.x": lit[:, 0], "lit.y": lit[:, 1], "equation.y": shown}


def describe_wiring(diagram: Diagram, part: int) -> str:
    """Say the line of the equations, in symbols and in numbers."""
    chosen = diagram.parts[part]
    said = f"{diagram.heading}. {chosen.symbols} {chosen.numbers}.{' ' if diagram.ending else ''}{diagram.ending}"
    plain = re.sub(r"<sub>([^<]+)</sub>", r"_\1", said.replace("<br>", " "))
    return re.sub(r"<sup>([^<]+)</sup>", r"^\1", plain)


def wiring(diagram: Diagram, part: int) -> Picture:
    """Draw the diagram with one of its parts lit up."""
    return Picture(patched(wiring_figure(diagram), wiring_patch(diagram, part)), describe_wiring(diagram, part))
