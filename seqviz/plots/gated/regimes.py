"""The four things a cell can do: keep, overwrite, erase, accumulate, and everything in between."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, in_one_trace, new_figure
from seqviz.traces.gated.records import RegimeTrace

CORNERS = {(1, 0): "keep", (0, 1): "overwrite", (0, 0): "erase", (1, 1): "accumulate"}
READINGS = np.linspace(0, 1, 11)  # values of the output gate
_HEIGHTS = (-2.6, 6.6)  # of the cell: as a curve, and as a level in the vessel
_WALLS = (-0.9, 0.9, -1.8, 6.4)  # of the vessel: left, right, bottom, top
# where each valve sits, and the direction of its pipe
_VALVES = {"i": (-1.2, 0.0, "across"), "o": (1.2, 0.0, "across"), "f": (0.0, -2.1, "down")}


def nearest_corner(trace: RegimeTrace) -> str:
    """Return the name of the corner that (f, i) is nearest to."""
    return CORNERS[round(trace.forget + 1e-9), round(trace.input + 1e-9)]


def regimes_figure(trace: RegimeTrace) -> go.Figure:
    """Draw the square of the two gates, and the axes of candidates, cell and state."""
    figure = _layout(len(trace.candidates))
    _add_square(figure)
    _add_course(figure, trace)
    _add_vessel(figure, len(trace.candidates) + 1)
    return figure


def _layout(steps: int) -> go.Figure:
    """Return an empty figure: the square of the gates, the vessel, and the course over the steps."""
    bare = {"showgrid": False, "zeroline": False, "tickvals": []}
    return new_figure(
        420,
        xaxis={"domain": [0, 0.27], "range": [-0.12, 1.12], "title": "forget gate f<sub>t</sub>", "dtick": 0.5},
        yaxis={"range": [-0.12, 1.12], "title": "input gate i<sub>t</sub>", "dtick": 0.5},
        xaxis2={"domain": [0.64, 1], "anchor": "y2", "range": [-0.5, steps + 0.5], "title": "step t", "dtick": 2},
        yaxis2={"anchor": "x2", "range": _HEIGHTS, "dtick": 1},
        xaxis3={**bare, "domain": [0.31, 0.58], "anchor": "y3", "range": [-2, 2], "title": "the cell as a vessel"},
        yaxis3={**bare, "anchor": "x3", "range": _HEIGHTS},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0.31},
    )


def _add_square(figure: go.Figure) -> None:
    """Add the four corners by name, and the point that stands for the two gates."""
    figure.add_scatter(
        x=[f for f, _ in CORNERS],
        y=[i for _, i in CORNERS],
        mode="markers+text",
        text=list(CORNERS.values()),
        textposition=["bottom left", "top right", "bottom right", "bottom left"],
        marker={"size": 8, "color": INK},
        showlegend=False,
        hoverinfo="skip",
    )
    figure.add_scatter(
        uid="point",
        x=[0],
        y=[0],
        mode="markers",
        marker={"size": 16, "color": HIGHLIGHT, "line": {"color": "white", "width": 2}},
        showlegend=False,
        hovertemplate="f<sub>t</sub> = %{x}, i<sub>t</sub> = %{y}<extra></extra>",
    )


def _add_course(figure: go.Figure, trace: RegimeTrace) -> None:
    """Add the candidates as bars, and room for the cell and for what is shown of it."""
    steps = np.arange(len(trace.candidates) + 1)
    figure.add_bar(
        x=steps[1:],
        y=trace.candidates,
        xaxis="x2",
        yaxis="y2",
        name="candidate g<sub>t</sub>",
        marker={"color": CATEGORICAL[1]},
    )
    cell, shown = "cell c<sub>t</sub>", "shown: h<sub>t</sub> = o<sub>t</sub> tanh c<sub>t</sub>"
    for uid, name, color, dash in (("cell", cell, CATEGORICAL[0], "solid"), ("shown", shown, CATEGORICAL[2], "dash")):
        figure.add_scatter(
            uid=uid,
            x=steps,
            y=np.zeros(len(steps)),
            xaxis="x2",
            yaxis="y2",
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 3},
            name=name,
            hovertemplate="t = %{x}: %{y:.2f}<extra>" + name + "</extra>",
        )


def _add_vessel(figure: go.Figure, steps: int) -> None:
    """Add a vessel with three valves: what flows in, what stays in it, and what is shown of it.

    The series are those of all steps; the bars are at the last one, or where a hand stops.
    """
    there = {"xaxis": "x3", "yaxis": "y3", "showlegend": False}
    left, right, bottom, top = _WALLS
    pipe = 0.25  # half its width
    walls: list[list[tuple[float, float]]] = [
        [(left, top), (left, pipe), (-2, pipe)],
        [(-2, -pipe), (left, -pipe), (left, bottom), (-pipe, bottom), (-pipe, _HEIGHTS[0])],
        [(pipe, _HEIGHTS[0]), (pipe, bottom), (right, bottom), (right, -pipe), (2, -pipe)],
        [(2, pipe), (right, pipe), (right, top)],
    ]
    x, y = in_one_trace(walls)
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": INK, "width": 2}, hoverinfo="skip", **there)
    for uid, place, width, color, name in (
        ("in", -1.65, 0.5, CATEGORICAL[1], "flows in: i<sub>t</sub> g<sub>t</sub>"),
        ("level", 0, 1.7, CATEGORICAL[0], "stays: c<sub>t</sub>"),
        ("out", 1.65, 0.5, CATEGORICAL[2], "shown: h<sub>t</sub>"),
    ):
        hover = "%{y:.2f}<extra>" + name + "</extra>"
        figure.add_bar(uid=uid, x=[place], y=[0], width=width, marker={"color": color}, hovertemplate=hover, **there)
    for gate, (center, height, _) in _VALVES.items():
        line = {"color": HIGHLIGHT, "width": 6}
        figure.add_scatter(uid=f"valve-{gate}", x=[0, 0], y=[0, 0], mode="lines", line=line, hoverinfo="skip", **there)
        beside = (center + 0.55, height) if gate == "f" else (center, height + 0.75)
        figure.add_annotation(
            text=f"{gate}<sub>t</sub>", x=beside[0], y=beside[1], xref="x3", yref="y3", showarrow=False
        )
    # not drawn: what the bar takes its height from, step by step
    figure.add_scatter(
        uid="poured", x=np.arange(steps), y=np.zeros(steps), mode="lines", opacity=0, hoverinfo="skip", **there
    )
    figure.add_scatter(
        uid="now",
        x=[0],
        y=[0],
        mode="markers",
        marker={"size": 13, "color": CATEGORICAL[0], "line": {"width": 2, "color": "white"}},
        xaxis="x2",
        yaxis="y2",
        showlegend=False,
        hoverinfo="skip",
    )


def valve(gate: str, opened: float) -> tuple[list[float], list[float]]:
    """Return a valve as a line: across its pipe where it is closed, along it where it is open.

    That of f_t lets out what is forgotten: it is open where f_t is 0.
    """
    x, y, direction = _VALVES[gate]
    angle = opened * np.pi / 2  # from across
    along, across = np.sin(angle) * 0.25, np.cos(angle) * 0.25
    dx, dy = (along, across) if direction == "across" else (across, along)
    return [x - dx, x + dx], [y - dy, y + dy]


def regimes_patch(trace: RegimeTrace, reading: int) -> Patch:
    """What follows the three gates."""
    cells = np.concatenate([[trace.start], trace.cells])
    shown = READINGS[reading] * np.tanh(cells)
    poured = np.concatenate([[0.0], trace.input * trace.candidates])
    patch: dict[str, Any] = {
        "point.x": [trace.forget],
        "point.y": [trace.input],
        "cell.y": cells,
        "shown.y": shown,
        "poured.y": poured,
        "in.y": poured[-1:],
        "level.y": cells[-1:],
        "out.y": shown[-1:],
        "now.x": [len(cells) - 1.0],
        "now.y": cells[-1:],
    }
    for gate, opened in (("i", trace.input), ("f", 1 - trace.forget), ("o", READINGS[reading])):
        patch[f"valve-{gate}.x"], patch[f"valve-{gate}.y"] = valve(gate, float(opened))
    return patch


def describe_regimes(trace: RegimeTrace, reading: int = 10) -> str:
    """Say what the cell does, and what of it is shown."""
    corner = nearest_corner(trace)
    exact = (trace.forget, trace.input) in CORNERS
    shown = READINGS[reading] * np.tanh(trace.cells[-1])
    return (
        f"f_t = {trace.forget:g}, i_t = {trace.input:g}: {'' if exact else 'nearest to '}{corner}. "
        f"The cell goes from {trace.start:g} to {trace.cells[-1]:.2f} in {len(trace.cells)} steps; "
        f"with o_t = {READINGS[reading]:.1f} it shows {shown:.2f}."
    )


def regimes(trace: RegimeTrace, reading: int = 10) -> Picture:
    """Draw what a cell makes of its candidates, with the output gate at ``READINGS[reading]``."""
    return Picture(patched(regimes_figure(trace), regimes_patch(trace, reading)), describe_regimes(trace, reading))
