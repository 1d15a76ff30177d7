"""A pattern that slides in time, and the models' answers at each place."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, HIGHLIGHT, INK, add_mark, new_figure
from seqviz.traces.sequences.records import ShiftTrace


def shift_figure(trace: ShiftTrace) -> go.Figure:
    """Draw the axes: above the sequence a model reads, below one curve for each model over the places of the pattern.

    Both share the horizontal axis, whose 0 is the first place: a curve's point stands below the start of its pattern.
    """
    steps = np.arange(trace.inputs.shape[1]) - int(trace.starts[0])
    figure = _layout(steps)
    _add_sequence(figure, steps, trace.width)
    _add_curves(figure, trace)
    add_mark(figure, (-0.04, 1.04), yaxis="y2")
    _shade_training(figure, trace)
    return figure


def _layout(steps: np.ndarray) -> go.Figure:
    return new_figure(
        430,
        showlegend=True,
        legend={"orientation": "h", "y": 1.1, "x": 0},
        xaxis={
            "anchor": "y2",
            "range": [steps[0] - 0.5, steps[-1] + 0.5],
            "title": "step t, and start of the ramp",
            "tickvals": steps[3::4],
            "ticktext": [str(t) for t in range(4, len(steps) + 1, 4)],
            "tickangle": 0,
            "zeroline": False,
        },
        yaxis={"domain": [0.58, 1], "range": [-2, 3.2], "title": {"text": "x_t", "standoff": 12}},
        yaxis2={
            "domain": [0, 0.46],
            "range": [-0.04, 1.04],
            "title": {"text": "P(right answer)", "standoff": 12},
            "tickvals": [0, 0.5, 1],
            "ticktext": ["0", "½", "1"],
        },
    )


def _add_sequence(figure: go.Figure, steps: np.ndarray, width: int) -> None:
    figure.add_scatter(
        uid="sequence",
        x=steps,
        y=np.zeros(len(steps)),
        name="the sequence",
        mode="lines",
        line={"color": INK},
        showlegend=False,
    )
    figure.add_scatter(
        uid="ramp",
        x=np.arange(width),
        y=np.zeros(width),
        name="the ramp in it",
        mode="lines+markers",
        line={"color": HIGHLIGHT, "width": 3},
        showlegend=False,
    )


def _add_curves(figure: go.Figure, trace: ShiftTrace) -> None:
    places = len(trace.starts)
    looks = zip(trace.probabilities, CATEGORICAL, DASHES, strict=False)
    for number, (name, color, dash) in enumerate(looks):
        figure.add_scatter(
            uid=f"curve-{number}",
            x=np.arange(places),
            y=np.zeros(places),
            name=name,
            mode="lines",
            line={"color": color, "width": 2.5, "dash": dash},
            yaxis="y2",
        )


def _shade_training(figure: go.Figure, trace: ShiftTrace) -> None:
    seen = np.flatnonzero(trace.trained)
    if not seen.size:
        return
    left, right = int(seen[0]) - 0.5, int(seen[-1]) + 0.5
    figure.add_shape(
        type="rect",
        x0=left,
        x1=right,
        y0=-0.04,
        y1=1.04,
        yref="y2",
        layer="below",
        line={"width": 0},
        fillcolor="rgba(128,128,128,0.2)",
    )
    figure.add_annotation(
        x=(left + right) / 2, y=0.02, yref="y2", yanchor="bottom", text="seen in training", showarrow=False
    )


def shift_patch(trace: ShiftTrace, place: int) -> Patch:
    """What follows the selected place: the sequence, the ramp in it, and the mark; and the curves."""
    start = int(trace.starts[place])
    curves = {f"curve-{number}.y": curve for number, curve in enumerate(trace.probabilities.values())}
    return {
        "sequence.y": trace.inputs[place],
        "ramp.x": np.arange(place, place + trace.width),
        "ramp.y": trace.inputs[place, start : start + trace.width],
        **curves,
        "mark.x": [place, place],
    }


def describe_shift(trace: ShiftTrace, place: int) -> str:
    """Say where the pattern is, whether the models had seen it there, and what each answers."""
    seen = "a place they saw in training" if trace.trained[place] else "a place none of them saw in training"
    answers = ", ".join(f"{name} {curve[place]:.0%}" for name, curve in trace.probabilities.items())
    ramp = f"A {trace.right} ramp from step {trace.starts[place] + 1} on"
    return f"{ramp}, {seen}. Probability of the right answer: {answers}."


def shift(trace: ShiftTrace, place: int) -> Picture:
    """Draw the pattern at one of its places (counted from 0) and every model's answer to all of them."""
    return Picture(patched(shift_figure(trace), shift_patch(trace, place)), describe_shift(trace, place))
