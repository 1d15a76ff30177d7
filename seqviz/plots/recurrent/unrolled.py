"""A recurrent network folded into its loop and unfolded along time: where everything is, folded and unfolded.

The browser draws the transition; the still form is the unfolded network.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.recurrent.computation_graph import SequenceShape
from seqviz.plots.recurrent.run import likeliest
from seqviz.plots.theme import (
    CATEGORICAL,
    DIVERGING,
    HIGHLIGHT,
    INK,
    in_one_trace,
    listed,
    new_figure,
    palette,
    visible,
)
from seqviz.plots.wording import with_symbols
from seqviz.traces.recurrent.records import RunTrace

ROWS = {"output": 0.0, "state": 1.0, "input": 2.0}  # from the top down, as a page is read


@dataclass(frozen=True)
class Unrolled:
    """A shape of task and a run of its network; the run's tokens are empty where a step reads nothing."""

    shape: SequenceShape
    trace: RunTrace

    def weight(self, name: str, t: int) -> str:
        """Return the name of a weight at step t: the decoder's weights have a prime."""
        return name + ("′" if t > self.shape.encoder_steps else "")


def unrolled_nodes(unrolled: Unrolled) -> list[dict[str, Any]]:
    """Every value of the graph, with its place unfolded (column t) and folded (one column for each set of weights)."""
    shape = unrolled.shape
    nodes = [_node("h_0", "state", 0, 0.0, shape)]
    for t in range(1, shape.steps + 1):
        nodes.append(_node(f"h_{t}", "state", t, t, shape))
        if t in shape.inputs:
            nodes.append(_node(f"x_{t}", "input", t, t, shape) | {"reads": visible(unrolled.trace.tokens[t - 1])})
        if t in shape.outputs:
            nodes.append(_node(f"ŷ_{shape.outputs.index(t) + 1}", "output", t, t, shape))
    return nodes


def _node(name: str, kind: str, t: int, column: float, shape: SequenceShape) -> dict[str, Any]:
    first, last = (shape.encoder_steps + 1, shape.steps) if t > shape.encoder_steps else (1, shape.encoder_steps)
    return {
        "id": name,
        "label": name,
        "kind": kind,
        "t": t,
        "unfolded": [column, ROWS[kind]],
        "folded": [(first + last) / 2, ROWS[kind]],
    }


def unrolled_edges(unrolled: Unrolled) -> list[dict[str, Any]]:
    """Every use of a weight: from which value to which, and at which step."""
    shape = unrolled.shape
    edges = []

    def use(name: str, tail: str, head: str, t: int, kind: str) -> None:
        edges.append({"parameter": unrolled.weight(name, t), "tail": tail, "head": head, "t": t, "kind": kind})

    for t in range(1, shape.steps + 1):
        use("W_hh", f"h_{t - 1}", f"h_{t}", t, "recurrent")
        if t in shape.inputs:
            use("W_xh", f"x_{t}", f"h_{t}", t, "up")
        if t in shape.outputs:
            use("W_hy", f"h_{t}", f"ŷ_{shape.outputs.index(t) + 1}", t, "up")
    return edges


def unrolled_parameters(unrolled: Unrolled) -> list[dict[str, str]]:
    """Every weight once, with the sentence that says where it is used."""
    uses: dict[str, list[int]] = {}
    for edge in unrolled_edges(unrolled):
        uses.setdefault(edge["parameter"], []).append(edge["t"])
    return [{"name": name, "sentence": _uses_sentence(name, steps)} for name, steps in sorted(uses.items())]


def _uses_sentence(name: str, steps: list[int]) -> str:
    if len(steps) == 1:
        return f"{name} is used once, at step {steps[0]}."
    return f"{name} is used {len(steps)} times, at steps {listed(steps)}: one matrix, not {len(steps)}."


def unrolled_scene(unrolled: Unrolled) -> dict[str, Any]:
    """Gather all that the browser draws."""
    states = unrolled.trace.states
    return {
        "nodes": unrolled_nodes(unrolled),
        "edges": unrolled_edges(unrolled),
        "parameters": unrolled_parameters(unrolled),
        "states": states,
        "levels": np.clip((states + 1) / 2, 0, 1),
        "palette": palette(DIVERGING),
        "legend": ["units of a state h_t:", "−1", "1"],
        "entry": 0,  # h_0 has no place in the folded loop
    }


def unrolled_figure(unrolled: Unrolled) -> go.Figure:
    """Draw the unfolded network: values as circles, every use of a weight as a labelled line."""
    nodes = unrolled_nodes(unrolled)
    places = {node["id"]: node["unfolded"] for node in nodes}
    figure = new_figure(320, margin={"l": 4, "r": 4, "t": 4, "b": 4}, hovermode=False)
    figure.update_xaxes(visible=False, range=(-0.6, unrolled.shape.steps + 0.6))
    figure.update_yaxes(visible=False, range=(2.5, -0.5))
    edges = unrolled_edges(unrolled)
    ends = [(places[edge["tail"]], places[edge["head"]]) for edge in edges]
    x, y = in_one_trace(ends)
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": INK, "width": 1.5})
    figure.add_scatter(
        x=[(tail[0] + head[0]) / 2 for tail, head in ends],
        y=[(tail[1] + head[1]) / 2 for tail, head in ends],
        text=[with_symbols(edge["parameter"]) for edge in edges],
        mode="text",
        textposition="top right",
    )
    figure.add_scatter(
        uid="nodes",
        x=[place[0] for place in places.values()],
        y=[place[1] for place in places.values()],
        text=[with_symbols(node["label"]) for node in nodes],
        mode="markers+text",
        textposition="bottom center",
        marker={"size": 26, "color": CATEGORICAL[0], "line": {"width": 3, "color": INK}},
    )
    return figure


def unrolled_patch(unrolled: Unrolled, step: int) -> Patch:
    """What follows the selected step: its state has a bright rim."""
    now = f"h_{step + 1}"
    return {"nodes.marker.line.color": [HIGHLIGHT if node["id"] == now else INK for node in unrolled_nodes(unrolled)]}


def describe_unrolled(unrolled: Unrolled, step: int) -> str:
    """Say what is computed at a step, from what, and the numbers that came out."""
    shape, trace, t = unrolled.shape, unrolled.trace, step + 1
    prime = unrolled.weight("", t)
    reads = f"W_xh{prime} x_{t} + " if t in shape.inputs else ""
    state = ", ".join(f"{value:.2f}" for value in trace.states[step])
    sentence = f"Step {t} of {shape.steps}: h_{t} = tanh({reads}W_hh{prime} h_{t - 1} + b_h{prime}) = ({state})."
    if t not in shape.outputs:
        return f"{sentence} It says nothing at this step."
    said, probability = likeliest(trace, step, 1)[0]
    return f"{sentence} Its answer ŷ_{shape.outputs.index(t) + 1}: most likely “{visible(said)}”, {probability:.0%}."


def unrolled(unrolled: Unrolled, step: int) -> Picture:
    """Draw the unfolded network with the state of ``step`` (counted from 0) marked."""
    return Picture(
        patched(unrolled_figure(unrolled), unrolled_patch(unrolled, step)), describe_unrolled(unrolled, step)
    )
