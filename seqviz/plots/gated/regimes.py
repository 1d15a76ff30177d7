"""The four things a cell can do: keep, overwrite, erase, accumulate, and all that lies between."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, new_figure
from seqviz.traces.gated.records import RegimeTrace

CORNERS = {(1, 0): "keep", (0, 1): "overwrite", (0, 0): "erase", (1, 1): "accumulate"}
READINGS = np.linspace(0, 1, 11)  # values of the output gate


def nearest_corner(trace: RegimeTrace) -> str:
    """Return the name of the corner that (f, i) is nearest to."""
    return CORNERS[round(trace.forget + 1e-9), round(trace.input + 1e-9)]


def regimes_figure(trace: RegimeTrace) -> go.Figure:
    """Draw the square of the two gates, and the axes of candidates, cell and state."""
    steps = len(trace.candidates)
    figure = new_figure(
        420,
        xaxis={"domain": [0, 0.33], "range": [-0.12, 1.12], "title": "forget gate f<sub>t</sub>", "dtick": 0.5},
        yaxis={"range": [-0.12, 1.12], "title": "input gate i<sub>t</sub>", "dtick": 0.5},
        xaxis2={"domain": [0.44, 1], "anchor": "y2", "range": [-0.5, steps + 0.5], "title": "step t", "dtick": 2},
        yaxis2={"anchor": "x2", "range": [-1.6, 6.6], "dtick": 1},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0.44},
    )
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
    at = np.arange(steps + 1)
    figure.add_bar(
        x=at[1:],
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
            x=at,
            y=np.zeros(steps + 1),
            xaxis="x2",
            yaxis="y2",
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 3},
            name=name,
            hovertemplate="t = %{x}: %{y:.2f}<extra>" + name + "</extra>",
        )
    return figure


def regimes_patch(trace: RegimeTrace, reading: int) -> Patch:
    """What follows the three gates."""
    cells = np.concatenate([[trace.start], trace.cells])
    return {
        "point.x": [trace.forget],
        "point.y": [trace.input],
        "cell.y": cells,
        "shown.y": READINGS[reading] * np.tanh(cells),
    }


def describe_regimes(trace: RegimeTrace, reading: int = 10) -> str:
    """Say what the cell does, and what of it is shown."""
    corner = nearest_corner(trace)
    exact = (trace.forget, trace.input) in CORNERS
    shown = READINGS[reading] * np.tanh(trace.cells[-1])
    return (
        f"f_t = {trace.forget:g}, i_t = {trace.input:g}: {'' if exact else 'nearest to '}{corner}. "
        f"From {trace.start:g} the cell comes to {trace.cells[-1]:.2f} in {len(trace.cells)} steps; "
        f"with o_t = {READINGS[reading]:.1f} it shows {shown:.2f}."
    )


def regimes(trace: RegimeTrace, reading: int = 10) -> Picture:
    """Draw what a cell makes of its candidates, with the output gate at ``READINGS[reading]``."""
    return Picture(patched(regimes_figure(trace), regimes_patch(trace, reading)), describe_regimes(trace, reading))
