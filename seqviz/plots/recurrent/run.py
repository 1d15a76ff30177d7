"""A recurrent network reading: its state after every step, and what it expects next."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DIVERGING, add_frame, around, new_figure, visible
from seqviz.traces.recurrent.records import RunTrace

SHOWN = 8  # of the likeliest outputs: more bars would be too thin to read their letters


def run_figure(trace: RunTrace) -> go.Figure:
    """Draw the states of all steps as a heat map and, beside it, room for bars of the likeliest outputs."""
    figure = _layout(trace)
    _add_states(figure, trace)
    _add_bars(figure, trace)
    add_frame(figure, (0.5, trace.states.shape[1] + 0.5))
    return figure


def _layout(trace: RunTrace) -> go.Figure:
    """Return an empty figure: steps across and units down, and beside it the likeliest outputs, the first on top."""
    steps, units = trace.states.shape
    return new_figure(
        400,
        xaxis={
            "domain": [0, 0.6],
            "range": [0.5, steps + 0.5],
            "title": "step (the character it reads)",
            "tickvals": list(range(1, steps + 1)),
            "ticktext": [visible(token) for token in trace.tokens],
            "tickangle": 0,
            "tickfont": {"size": 10},
        },
        yaxis={"title": "unit of the state", "range": [units + 0.5, 0.5]},
        xaxis2={
            "domain": [0.74, 1],
            "title": "probability of<br>the next character",
            "range": [0, 1.12],
            "tickvals": [0, 0.5, 1],
        },
        yaxis2={
            "anchor": "x2",
            "range": [min(SHOWN, len(trace.outputs)) - 0.5, -0.5],
            "tickvals": [],
            "showgrid": False,
            "zeroline": False,
        },
    )


def _add_states(figure: go.Figure, trace: RunTrace) -> None:
    bound = state_bound(trace)
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


def _add_bars(figure: go.Figure, trace: RunTrace) -> None:
    """Add a bar and a letter for every place, the likeliest on top; what stands there depends on the step."""
    places = np.arange(min(SHOWN, len(trace.outputs)))
    figure.add_bar(
        uid="probabilities",
        x=np.zeros(len(places)),
        y=places,
        customdata=[""] * len(places),
        orientation="h",
        xaxis="x2",
        yaxis="y2",
        marker={"color": CATEGORICAL[0]},
        hovertemplate="“%{customdata}”: %{x:.1%}<extra></extra>",
    )
    figure.add_scatter(
        uid="letters",
        x=np.zeros(len(places)),
        y=places,
        text=[""] * len(places),
        mode="text",
        textposition="middle right",
        textfont={"size": 19},
        xaxis="x2",
        yaxis="y2",
        hoverinfo="skip",
    )


def state_bound(trace: RunTrace) -> float:
    """Return the end of the scale of the states' colours."""
    return max(1.0, float(np.abs(trace.states).max()))


def run_patch(trace: RunTrace, step: int) -> Patch:
    """What follows the selected step: the frame around its column, the likeliest outputs and their probabilities."""
    outputs, probabilities = zip(*likeliest(trace, step, SHOWN), strict=True)
    letters = [visible(output) for output in outputs]
    return {
        "probabilities.x": np.array(probabilities),
        "probabilities.customdata": letters,
        "letters.x": np.array(probabilities),
        "letters.text": letters,
        "frame.x": around(step + 1, step + 1),
    }


def surprise_levels(trace: RunTrace) -> np.ndarray:
    """Return the probability that every character had before it was read; NaN for the first, which nothing precedes."""
    expected = np.full(len(trace.tokens), np.nan)
    for t, token in enumerate(trace.tokens[1:], start=1):
        expected[t] = trace.probabilities[t - 1, trace.outputs.index(token)]
    return expected


def unit_levels(trace: RunTrace) -> np.ndarray:
    """Return for each unit a row: its value after every character, as a place between the ends of the colours."""
    bound = state_bound(trace)
    return (trace.states.T + bound) / (2 * bound)


def likeliest(trace: RunTrace, step: int, count: int = 3) -> list[tuple[str, float]]:
    """Return the ``count`` outputs with the highest probability after ``step``, the highest first."""
    order = np.argsort(-trace.probabilities[step], kind="stable")[:count]
    return [(trace.outputs[i], float(trace.probabilities[step, i])) for i in order]


def describe_run(trace: RunTrace, step: int) -> str:
    """Say what the network has read up to ``step``, the norm of its state and what it expects next."""
    read = "".join(visible(token) for token in trace.tokens[: step + 1])
    expects = ", ".join(f"“{visible(output)}” {probability:.0%}" for output, probability in likeliest(trace, step))
    size = float(np.linalg.norm(trace.states[step]))
    said = f"After step {step + 1} of {len(trace.tokens)}, “{read}”: ‖h‖ = {size:.2f}; next it expects {expects}."
    if trace.writings:
        said += f" Left alone it writes “{''.join(map(visible, trace.writings[step]))}”."
    return said


def run(trace: RunTrace, step: int) -> Picture:
    """Draw the states of a run and the probabilities after ``step`` (counted from 0)."""
    return Picture(patched(run_figure(trace), run_patch(trace, step)), describe_run(trace, step))
