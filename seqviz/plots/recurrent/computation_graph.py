"""The computational graph of a recurrent network over a whole sequence, for each of the five shapes of a task.

Each weight is drawn as what it is, one node, with an arrow to every step that uses it.
"""

import re
from dataclasses import dataclass

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, INK, listed, new_figure


@dataclass(frozen=True)
class SequenceShape:
    """Which steps read an input and which say an output; those after ``encoder_steps`` have weights of their own."""

    steps: int
    inputs: range
    outputs: range
    encoder_steps: int


SEQUENCE_SHAPES = {
    "one to one": SequenceShape(1, range(1, 2), range(1, 2), 1),
    "one to many": SequenceShape(4, range(1, 2), range(1, 5), 4),
    "many to one": SequenceShape(4, range(1, 5), range(4, 5), 4),
    "many to many, equal lengths": SequenceShape(4, range(1, 5), range(1, 5), 4),
    "many to many, unequal lengths": SequenceShape(5, range(1, 4), range(4, 6), 3),
}


@dataclass(frozen=True)
class Node:
    """A value in the graph: its name, its kind (a colour and a row) and its column, the time step."""

    name: str
    kind: str
    column: float


@dataclass(frozen=True)
class ComputationGraph:
    """The nodes, and the arrows between their names: the second of a pair is computed from the first."""

    nodes: tuple[Node, ...]
    arrows: tuple[tuple[str, str], ...]

    def named(self, kind: str) -> list[str]:
        """Return the names of all nodes of a kind."""
        return [node.name for node in self.nodes if node.kind == kind]

    def uses(self, name: str) -> list[str]:
        """Return the names of the nodes computed directly from the named one."""
        return [head for tail, head in self.arrows if tail == name]


def gather_graph(shape_name: str) -> ComputationGraph:
    """Gather the graph of one of `SEQUENCE_SHAPES`. Raises ValueError naming them for any other."""
    if shape_name not in SEQUENCE_SHAPES:
        raise ValueError(f"expected one of {', '.join(map(repr, SEQUENCE_SHAPES))}, got {shape_name!r}")
    shape = SEQUENCE_SHAPES[shape_name]
    nodes = [Node("h_0", "state", 0)]
    arrows: list[tuple[str, str]] = []

    def add_weights(name: str, kind: str, t: int, head: str) -> None:
        # The decoder's weights bear a prime and stand on the other side: they are not the encoder's.
        own = t > shape.encoder_steps
        name = ", ".join(f"{symbol}′" for symbol in name.split(", ")) if own else name
        node = Node(name, kind, shape.steps + 1.1 if own else -0.4)
        if node not in nodes:
            nodes.append(node)
        arrows.append((name, head))

    for t in range(1, shape.steps + 1):
        nodes.append(Node(f"h_{t}", "state", t))
        arrows.append((f"h_{t - 1}", f"h_{t}"))
        add_weights("W_hh, b_h", "W_hh", t, f"h_{t}")
        if t in shape.inputs:
            nodes.append(Node(f"x_{t}", "input", t))
            arrows.append((f"x_{t}", f"h_{t}"))
            add_weights("W_xh", "W_xh", t, f"h_{t}")
    several = len(shape.outputs) > 1
    for count, t in enumerate(shape.outputs, 1):
        output, loss = (f"ŷ_{count}", f"L_{count}") if several else ("ŷ", "L")
        nodes += [Node(output, "output", t), Node(loss, "loss", t)]
        arrows += [(f"h_{t}", output), (output, loss)]
        add_weights("W_hy, b_y", "W_hy", t, output)
        if several:
            arrows.append((loss, "L"))
    if several:
        nodes.append(Node("L", "sum", shape.steps + 1.1))
    return ComputationGraph(tuple(nodes), tuple(arrows))


def describe_computation_graph(shape_name: str) -> str:
    """Say what `plot_computation_graph` draws."""
    graph = gather_graph(shape_name)
    arrows = {name: len(graph.uses(name)) for kind in _WEIGHT_COLORS for name in graph.named(kind)}
    weights = "; ".join(f"{name}: {count} arrow{'s' if count > 1 else ''}" for name, count in arrows.items())
    return (
        f"{shape_name.capitalize()}: {' → '.join(graph.named('state'))}, reading {listed(graph.named('input'))}, "
        f"answering {listed(graph.named('output'))}. Each weight is one node ({weights})."
    )


# A row for each kind, from the bottom up. A weight's row is a rail from which arrows rise to the steps that use it.
_ROWS = {"input": 0.0, "W_xh": 0.62, "W_hh": 1.04, "state": 1.7, "W_hy": 2.36, "output": 2.9, "loss": 3.7, "sum": 4.3}
_WEIGHT_COLORS = {"W_xh": CATEGORICAL[0], "W_hh": CATEGORICAL[5], "W_hy": CATEGORICAL[2]}
_RAIL_OFFSET = {"W_xh": 0.16, "W_hh": 0.38, "W_hy": 0.22}  # arrows of different weights do not share a line
_RADIUS = 0.27
_BOX = (0.5, 0.18)  # half the width and height of a weight's box

Point = tuple[float, float]


def computation_graph_figure(shape_name: str) -> go.Figure:
    """Draw the figure of `computation_graph`."""
    graph = gather_graph(shape_name)
    places = {node.name: (node.column, _ROWS[node.kind]) for node in graph.nodes}
    kinds = {node.name: node.kind for node in graph.nodes}
    columns = [node.column for node in graph.nodes]
    top = max(_ROWS[node.kind] for node in graph.nodes) + 0.35
    figure = new_figure(round(70 * (top + 0.35)), margin={"l": 4, "r": 4, "t": 4, "b": 4}, hovermode=False)
    axis = {"visible": False, "fixedrange": True, "constrain": "domain"}
    figure.update_xaxes(range=(min(columns) - 0.6, max(columns) + 0.6), **axis)
    figure.update_yaxes(range=(-0.35, top), scaleanchor="x", **axis)
    for kind, color in {"values": INK, **_WEIGHT_COLORS}.items():
        paths = [
            _path(places[tail], places[head], kinds[tail])
            for tail, head in graph.arrows
            if (kinds[tail] if kinds[tail] in _WEIGHT_COLORS else "values") == kind
        ]
        _draw_arrows(figure, paths, color)
    for node in graph.nodes:
        _draw_outline(figure, places[node.name], _WEIGHT_COLORS.get(node.kind))
    x, y = zip(*places.values(), strict=True)
    figure.add_scatter(x=x, y=y, text=[_with_subscripts(name) for name in places], mode="text")
    return figure


def _path(tail: Point, head: Point, kind: str) -> list[Point]:
    """Return the corners of an arrow: a rail and a rise from a weight, a rise and a rail to the sum, else straight."""
    (x0, y0), (x1, y1) = tail, head
    if kind in _WEIGHT_COLORS:
        side = 1 if x0 > x1 else -1
        corner = (x1 + side * _RAIL_OFFSET[kind], y0)
        edge = x0 - side * _BOX[0]
        return [(edge, y0), corner, _towards(head, corner)]
    if kind == "loss":
        return [_towards(tail, (x0, y1)), (x0, y1), _towards(head, (x0, y1))]
    return [_towards(tail, head), _towards(head, tail)]


def _towards(center: Point, other: Point) -> Point:
    """Return where the circle around a value meets the line to another point."""
    dx, dy = other[0] - center[0], other[1] - center[1]
    scale = _RADIUS / (dx * dx + dy * dy) ** 0.5
    return center[0] + dx * scale, center[1] + dy * scale


def _draw_arrows(figure: go.Figure, paths: list[list[Point]], color: str) -> None:
    # one trace for all paths, with None between them and a head at the end of each
    points = [point for path in paths for point in [*path, (None, None)]]
    sizes = [size for path in paths for size in [*[0] * (len(path) - 1), 9, 0]]
    figure.add_scatter(
        x=[x for x, _ in points],
        y=[y for _, y in points],
        mode="lines+markers",
        line={"color": color, "width": 1.5},
        marker={
            "symbol": "arrow",
            "angleref": "previous",
            "size": sizes,
            "color": color,
            "opacity": 1,
            "line_width": 0,
        },
    )


def _draw_outline(figure: go.Figure, place: Point, weight_color: str | None) -> None:
    (x, y), (half_width, half_height) = place, _BOX if weight_color else (_RADIUS, _RADIUS)
    figure.add_shape(
        type="rect" if weight_color else "circle",
        x0=x - half_width,
        x1=x + half_width,
        y0=y - half_height,
        y1=y + half_height,
        line={"color": weight_color or INK, "width": 2},
    )


def _with_subscripts(name: str) -> str:
    return re.sub(r"_([a-z0-9]+)", r"<sub>\1</sub>", name)


def computation_graph(shape_name: str) -> Picture:
    """Draw `computation_graph`, time from left to right: values are grey circles, weights coloured boxes."""
    return Picture(computation_graph_figure(shape_name), describe_computation_graph(shape_name))
