"""A drawn digit, how far it was read, and how probable each digit was held after every step."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, SEQUENTIAL, add_frame, around, new_figure
from seqviz.traces.classification.records import DigitTrace

UNREAD = 0.25  # how strongly a row is drawn that was not read yet
_PAPER = ((0.0, "rgba(128,128,128,0.08)"), (1.0, CATEGORICAL[0]))


def digit_figure(trace: DigitTrace) -> go.Figure:
    """Draw the digit as it is read, on the left, and the probabilities of all digits at all steps on the right."""
    figure = _layout(trace)
    if trace.picture is None:
        _add_strokes(figure, trace)
    else:
        _add_picture(figure, trace.picture)
    _add_beliefs(figure, trace)
    return figure


def _layout(trace: DigitTrace) -> go.Figure:
    steps, digits = trace.beliefs.shape
    size = 1.2 if trace.picture is None else len(trace.picture)
    low = -0.1 if trace.picture is None else -0.5
    hidden = {"tickvals": [], "ticks": "", "showgrid": False, "zeroline": False}
    return new_figure(
        330,
        xaxis=hidden | {"domain": [0, 0.3], "range": [low, low + size], "title": "what was read"},
        yaxis=hidden | {"range": [low + size, low]},
        xaxis2={
            "anchor": "y2",
            "domain": [0.4, 0.94],
            "range": [0.5, steps + 0.5],
            "title": "step of the pen" if trace.picture is None else "row",
            "tickvals": _ticks(steps),
            "showgrid": False,
            "zeroline": False,
        },
        yaxis2={
            "anchor": "x2",
            "range": [digits - 0.5, -0.5],
            "tickvals": list(range(digits)),
            "title": "believed to be",
            "showgrid": False,
            "zeroline": False,
        },
    )


def _ticks(steps: int) -> list[int]:
    """Return some of the steps, counted from 1, the first and the last among them."""
    return sorted({1, *range(5, steps - 1, 5), steps})


def _add_picture(figure: go.Figure, picture: np.ndarray) -> None:
    figure.add_heatmap(
        uid="picture", z=picture, zmin=0, zmax=1, colorscale=_PAPER, showscale=False, xgap=1, ygap=1, hoverinfo="skip"
    )
    edge = [-0.5, len(picture) - 0.5]
    figure.add_scatter(uid="now", x=edge, y=[0, 0], mode="lines", line={"color": HIGHLIGHT, "width": 2})


def _add_strokes(figure: go.Figure, trace: DigitTrace) -> None:
    x, y = _on_paper(trace, len(trace.lifted))
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": INK, "width": 1}, hoverinfo="skip")
    look = {"color": CATEGORICAL[0], "width": 6}
    figure.add_scatter(uid="read", x=x, y=y, mode="lines", line=look, hoverinfo="skip")
    tip = {"color": HIGHLIGHT, "size": 12}
    figure.add_scatter(uid="now", x=[0], y=[0], mode="markers", marker=tip, hoverinfo="skip")


def _on_paper(trace: DigitTrace, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the pen's way of the first steps, always in as many numbers: gaps where it was up, and for the rest."""
    points = np.full((2 * len(trace.lifted) + 1, 2), np.nan)
    points[: 2 * steps + 1 : 2] = trace.points[: steps + 1]
    middle = (trace.points[:steps] + trace.points[1 : steps + 1]) / 2
    points[1 : 2 * steps : 2] = np.where(trace.lifted[:steps, None], np.nan, middle)
    return points[:, 0], points[:, 1]


def _add_beliefs(figure: go.Figure, trace: DigitTrace) -> None:
    figure.add_heatmap(
        uid="beliefs",
        z=trace.beliefs.T,
        x0=1,
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        xaxis="x2",
        yaxis="y2",
        colorbar={"thickness": 10, "tickvals": [0, 0.5, 1], "tickformat": ".0%"},
        hovertemplate="step %{x:d}, digit %{y}: %{z:.0%}<extra></extra>",
    )
    add_frame(figure, (-0.5, trace.beliefs.shape[1] - 0.5), xaxis="x2", yaxis="y2")


def digit_patch(trace: DigitTrace, step: int) -> Patch:
    """What follows the selected step: how far the digit was read, and the frame around the beliefs after it."""
    frame = {"frame.x": around(step + 1, step + 1)}
    if trace.picture is None:
        x, y = _on_paper(trace, step + 1)
        at_x, at_y = trace.points[step + 1]
        return frame | {"read.x": x, "read.y": y, "now.x": [at_x], "now.y": [at_y]}
    rows = np.arange(len(trace.picture))[:, None]
    below = step + 0.5
    return frame | {
        "picture.z": np.where(rows <= step, trace.picture, UNREAD * trace.picture),
        "now.y": [below, below],
        # as many numbers for every picture, so a new one needs no new figure
        "beliefs.z": trace.beliefs.T,
    }


def describe_digit(trace: DigitTrace, step: int) -> str:
    """Say how far the digit was read, the three likeliest digits, and when the mind was changed last."""
    beliefs, steps = trace.beliefs[step], len(trace.beliefs)
    likeliest = np.argsort(-beliefs, kind="stable")[:3]
    said = ", ".join(f"{digit} with {beliefs[digit]:.0%}" for digit in likeliest)
    unit = "step" if trace.picture is None else "row"
    return f"After {unit} {step + 1} of {steps}: {said}. {_changes_of_mind(trace, unit)}."


def _changes_of_mind(trace: DigitTrace, unit: str) -> str:
    best = [trace.best(step) for step in range(len(trace.beliefs))]
    changes = [step for step in range(1, len(best)) if best[step] != best[step - 1]]
    if not changes:
        return "It never changed its mind"
    last, times = changes[-1], {1: "once", 2: "twice"}.get(len(changes), f"{len(changes)} times")
    return f"It changed its mind {times}, the last time at {unit} {last + 1}, from {best[last - 1]} to {best[last]}"


def digit(trace: DigitTrace, step: int) -> Picture:
    """Draw a digit as far as it was read at one step (counted from 0), and what was believed after every step."""
    return Picture(patched(digit_figure(trace), digit_patch(trace, step)), describe_digit(trace, step))
