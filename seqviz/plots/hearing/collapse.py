"""A path collapses: its frames, its runs of equal neighbours, and the labels that are left."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, new_figure
from seqviz.traces.hearing.records import CollapseTrace

ROWS = ("path", "neighbours<br>merged", "labels")
BLANK = "-"


def runs(path: str) -> list[tuple[str, int, int]]:
    """Return every run of equal neighbours: its sign, its first and its last frame, from 0."""
    found: list[tuple[str, int, int]] = []
    for frame, sign in enumerate(path):
        if found and found[-1][0] == sign:
            found[-1] = (sign, found[-1][1], frame)
        else:
            found.append((sign, frame, frame))
    return found


def collapse_figure(trace: CollapseTrace) -> go.Figure:
    """Draw three empty rows above each other."""
    frames = len(trace.path)
    figure = new_figure(
        230,
        margin={"l": 88, "r": 8, "t": 12, "b": 44},
        xaxis={
            "title": "frame",
            "range": [0.4, frames + 0.6],
            "showgrid": False,
            "zeroline": False,
            "dtick": 5,
            "tick0": 5,
        },
        yaxis={"range": [2.5, -0.5], "tickvals": [0, 1, 2], "ticktext": ROWS, "showgrid": False, "zeroline": False},
    )
    bar = {"mode": "lines", "hoverinfo": "skip", "x": [], "y": []}
    figure.add_scatter(uid="blanks", line={"color": "#a6a6a6", "width": 26}, **bar)
    figure.add_scatter(uid="runs", line={"color": CATEGORICAL[4], "width": 26}, **bar)
    # on the bars, black can be read in both themes; elsewhere the page's ink
    for uid, font in (("path", {"size": 14}), ("merged", {"size": 14, "color": "#000000"}), ("labels", {"size": 20})):
        look = {"family": "ui-monospace, monospace", **font}  # thirty of the widest letters then fit a phone
        figure.add_scatter(uid=uid, mode="text", textfont=look, hoverinfo="skip", x=[], y=[], text=[])
    figure.add_scatter(
        uid="now",
        mode="markers",
        marker={"symbol": "square-open", "size": 24, "color": HIGHLIGHT, "line": {"width": 3}},
        hoverinfo="skip",
        x=[],
        y=[],
    )
    _fill(figure, trace)
    return figure


def _fill(figure: go.Figure, trace: CollapseTrace) -> None:
    """Write the letters; where they stand, or whether they do, depends on the frame."""
    found = runs(trace.path)
    texts = {
        "path": (list(trace.path), 0),
        "merged": ([sign for sign, *_ in found], 1),
        "labels": ([sign for sign, *_ in found if sign != BLANK], 2),
    }
    for uid, (signs, row) in texts.items():
        figure.update_traces({"text": signs, "y": [row] * len(signs)}, selector={"uid": uid})
    counts = {"runs": sum(sign != BLANK for sign, *_ in found), "blanks": sum(sign == BLANK for sign, *_ in found)}
    for uid, count in counts.items():
        figure.update_traces({"y": np.array([1.0, 1.0, np.nan] * count)}, selector={"uid": uid})
    figure.update_traces({"y": [0]}, selector={"uid": "now"})


def collapse_patch(trace: CollapseTrace, frame: int) -> Patch:
    """What is there after a frame, counted from 0."""
    x: dict[str, list[float]] = {"path": [], "merged": [], "labels": [], "runs": [], "blanks": []}
    for place in range(len(trace.path)):
        x["path"].append(place + 1 if place <= frame else np.nan)
    for sign, first, last in runs(trace.path):
        there = first <= frame
        end = min(last, frame)
        middle = (first + end) / 2 + 1 if there else np.nan
        x["merged"].append(middle)
        bar = [first + 0.6, end + 1.4, np.nan] if there else [np.nan] * 3
        x["blanks" if sign == BLANK else "runs"] += bar
        if sign != BLANK:
            x["labels"].append(middle)
    return {f"{uid}.x": np.array(places) for uid, places in x.items()} | {"now.x": [frame + 1]}


def describe_collapse(trace: CollapseTrace, frame: int) -> str:
    """Say what the path stands for after a frame, and why the frame changed it or did not."""
    path, sign, labels = trace.path[: frame + 1], trace.path[frame], trace.labels[frame]
    if trace.starts[frame]:
        why = f"“{sign}” begins a label"
    elif sign == BLANK:
        why = "a blank adds no label"
    else:
        why = f"“{sign}” goes on with the label before"
    least = trace.needed[frame]
    needed = f"{least} {'frame' if least == 1 else 'frames'}"
    said = f"“{labels}”, for which {needed} would do" if labels else "nothing"
    return f"Frame {frame + 1} of {len(trace.path)}: {why}. “{path}” collapses to {said}."


def collapse(trace: CollapseTrace, frame: int | None = None) -> Picture:
    """Draw a path after a frame (from 0), or whole."""
    frame = len(trace.path) - 1 if frame is None else frame
    return Picture(patched(collapse_figure(trace), collapse_patch(trace, frame)), describe_collapse(trace, frame))
