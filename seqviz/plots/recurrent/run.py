"""A recurrent network reading: its state after every step, and what it expects next."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DIVERGING, add_frame, around, new_figure, visible
from seqviz.traces.recurrent.records import RunTrace


def run_figure(trace: RunTrace) -> go.Figure:
    """Draw the states of all steps as a heat map and, beside it, an empty bar for every possible output."""
    steps, units = trace.states.shape
    figure = new_figure(
        460,
        xaxis={
            "domain": [0, 0.6],
            "range": [0.5, steps + 0.5],
            "title": "step (the character it reads)",
            "tickvals": list(range(1, steps + 1)),
            "tickangle": 0,
            "tickfont": {"size": 10},
        },
        yaxis={"title": "unit of the state", "range": [units + 0.5, 0.5]},
        xaxis2={
            "domain": [0.74, 1],
            "title": "probability of<br>the next character",
            "range": [0, 1],
            "gridcolor": "rgba(128,128,128,0.25)",
        },
        yaxis2={
            "anchor": "x2",
            "range": [len(trace.outputs) - 0.5, -0.5],
            "dtick": 1,
            "type": "category",
            "tickfont": {"size": 9},
        },
    )
    figure.update_xaxes(ticktext=[visible(token) for token in trace.tokens], selector={"anchor": None})
    bound = max(1.0, float(np.abs(trace.states).max()))
    figure.add_heatmap(
        x0=1,
        y0=1,
        z=trace.states.T,
        zmin=-bound,
        zmax=bound,
        colorscale=DIVERGING,
        colorbar={"x": 0.61, "thickness": 10, "title": "h", "tickvals": [-bound, 0, bound], "tickformat": ".1f"},
        hovertemplate="step %{x:d}, unit %{y:d}: h = %{z:.3f}<extra></extra>",
    )
    outputs = [visible(output) for output in trace.outputs]
    figure.add_bar(
        uid="probabilities",
        x=np.zeros(len(outputs)),
        y=outputs,
        orientation="h",
        xaxis="x2",
        yaxis="y2",
        marker={"color": CATEGORICAL[0]},
    )
    add_frame(figure, (0.5, units + 0.5))
    return figure


def run_patch(trace: RunTrace, step: int) -> Patch:
    """What follows the selected step: the frame around its column, and the bars."""
    return {
        "probabilities.x": trace.probabilities[step],
        "frame.x": around(step + 1, step + 1),
    }


def likeliest(trace: RunTrace, step: int, count: int = 3) -> list[tuple[str, float]]:
    """Return the ``count`` outputs with the highest probability after ``step``, the highest first."""
    order = np.argsort(-trace.probabilities[step], kind="stable")[:count]
    return [(trace.outputs[i], float(trace.probabilities[step, i])) for i in order]


def describe_run(trace: RunTrace, step: int) -> str:
    """Say what the network has read up to ``step``, the norm of its state and what it expects next."""
    read = "".join(visible(token) for token in trace.tokens[: step + 1])
    expects = ", ".join(f"“{visible(output)}” {probability:.0%}" for output, probability in likeliest(trace, step))
    size = float(np.linalg.norm(trace.states[step]))
    return f"After step {step + 1} of {len(trace.tokens)}, “{read}”: ‖h‖ = {size:.2f}; next it expects {expects}."


def run(trace: RunTrace, step: int) -> Picture:
    """Draw the states of a run and the probabilities after ``step`` (counted from 0)."""
    return Picture(patched(run_figure(trace), run_patch(trace, step)), describe_run(trace, step))
