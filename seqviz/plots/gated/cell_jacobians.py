"""How far a gradient gets inside the cell of an LSTM: along the direct path, and with every path."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, new_figure, number
from seqviz.traces.gated.records import CellJacobianTrace


def cell_jacobians_figure(traces: Mapping[str, CellJacobianTrace]) -> go.Figure:
    """Draw the figure of `cell_jacobians`."""
    figure = new_figure(380, showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    for place, (name, trace) in enumerate(traces.items()):
        parts = (("all paths", trace.whole, "solid"), ("direct path", trace.direct, "dash"))
        for part, norms, dash in parts:
            figure.add_scatter(
                x=np.arange(len(norms)),
                y=np.where(norms > 0, norms, np.nan),
                mode="lines",
                line={"color": CATEGORICAL[place], "dash": dash, "width": 2.5},
                name=f"{name}, {part}",
                hovertemplate="%{x} steps back: %{y:.1e}<extra>" + f"{name}, {part}</extra>",
            )
    figure.update_xaxes(title="T − k, steps back")
    return figure.update_yaxes(
        title={"text": "‖∂c_T/∂c_k‖", "standoff": 12}, type="log", dtick=1, exponentformat="power"
    )


def describe_cell_jacobians(traces: Mapping[str, CellJacobianTrace]) -> str:
    """Say what is left at the furthest distance, on both ways."""
    return " ".join(
        f"{name}: {len(trace.whole) - 1} steps back, {number(trace.direct[-1], '.1e')} on the direct path "
        f"and {number(trace.whole[-1], '.1e')} on all."
        for name, trace in traces.items()
    )


def cell_jacobians(traces: Mapping[str, CellJacobianTrace]) -> Picture:
    """Draw ‖∂c_T/∂c_k‖ against T − k on a log axis: whole as a line, the direct path alone dashed, for each network."""
    return Picture(cell_jacobians_figure(traces), describe_cell_jacobians(traces))
