"""Keys that were pressed: the frames of their sound, what a network believes at each, and what it says they were."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.hearing.collapse import BLANK, runs
from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, SEQUENTIAL, add_frame, around, new_figure
from seqviz.traces.hearing.records import TelephoneTrace

ROWS = ("pressed", "heard")
KEY_HERTZ = (697, 770, 852, 941, 1209, 1336, 1477)  # of the rows and columns of a telephone, ITU-T Q.23


def pressed(trace: TelephoneTrace) -> list[tuple[str, float, float]]:
    """Return each key with the frames, counted from 1, in whose middles it went down and up."""
    frames = np.arange(1, len(trace.middles) + 1)
    down, up = (np.interp(times, trace.middles, frames).tolist() for times in trace.held.T)
    return list(zip(trace.number, down, up, strict=True))


def telephone_figure(trace: TelephoneTrace) -> go.Figure:
    """Draw the sound above the beliefs above the keys; what was heard waits for a frame."""
    figure = _layout(trace)
    _add_sound(figure, trace)
    _add_beliefs(figure, trace)
    _add_keys(figure, trace)
    return figure


def _layout(trace: TelephoneTrace) -> go.Figure:
    labels, small = len(trace.beliefs), {"tickfont": {"size": 11}}
    quiet = {"showgrid": False, "zeroline": False}
    return new_figure(
        640,
        margin={"l": 72, "r": 8, "t": 12, "b": 44},
        xaxis={"title": "frame", "range": [0.5, len(trace.path) + 0.5], "anchor": "y3", **quiet},
        yaxis={
            "title": "Hz",
            "domain": [0.54, 1],
            "range": _band(trace),
            "tickvals": KEY_HERTZ,
            **small,
            **quiet,
        },
        yaxis2={
            "title": "belief",
            "domain": [0.2, 0.5],
            "range": [labels - 0.5, -0.5],
            "tickvals": list(range(labels)),
            "ticktext": ["blank", *map(str, range(labels - 1))],
            **small,
            **quiet,
        },
        yaxis3={"domain": [0, 0.14], "range": [1.6, -0.6], "tickvals": [0, 1], "ticktext": ROWS, **quiet},
    )


def _band(trace: TelephoneTrace) -> tuple[float, float]:
    """Return the lower and the upper edge of what was heard, in Hz."""
    half = float(trace.hertz[1] - trace.hertz[0]) / 2
    return float(trace.hertz[0]) - half, float(trace.hertz[-1]) + half


def _add_sound(figure: go.Figure, trace: TelephoneTrace) -> None:
    figure.add_heatmap(
        uid="sound",
        x0=1,
        y=trace.hertz,
        z=trace.loudness,
        colorscale=SEQUENTIAL,
        colorbar={"thickness": 10, "tickvals": _ends(trace), "ticktext": ["quiet", "loud"], "len": 0.46, "y": 0.77},
        hovertemplate="%{y:.0f} Hz at frame %{x:d}<extra></extra>",
    )
    add_frame(figure, _band(trace), xaxis="x", yaxis="y")


def _ends(trace: TelephoneTrace) -> list[float]:
    """Return the least and the greatest loudness."""
    return [float(trace.loudness.min()), float(trace.loudness.max())]


def _add_beliefs(figure: go.Figure, trace: TelephoneTrace) -> None:
    figure.add_heatmap(
        uid="beliefs",
        x0=1,
        z=trace.beliefs,
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        yaxis="y2",
        colorbar={"thickness": 10, "tickvals": [0, 0.5, 1], "tickformat": ".0%", "len": 0.3, "y": 0.35},
        hovertemplate="%{z:.0%} at frame %{x:d}<extra></extra>",
    )
    add_frame(figure, (-0.5, len(trace.beliefs) - 0.5), "belief_frame", xaxis="x", yaxis="y2")


def _add_keys(figure: go.Figure, trace: TelephoneTrace) -> None:
    """Draw a bar for each key that was pressed, and make room for those that are heard."""
    keys, said = pressed(trace), _said(trace)
    spans = [part for _, down, up in keys for part in (down, up, np.nan)]
    middles = [(down + up) / 2 for _, down, up in keys]
    _add_bars(figure, "keys", spans, 0, "rgba(128,128,128,0.35)")
    _add_signs(figure, "numbers", middles, [key for key, *_ in keys], 0)
    _add_bars(figure, "heard", [np.nan] * 3 * len(said), 1, CATEGORICAL[4])
    # black can be read on these bars in both themes
    _add_signs(figure, "digits", [np.nan] * len(said), [sign for sign, *_ in said], 1, color="#000000")


def _add_bars(figure: go.Figure, uid: str, x: list[float], row: int, color: str) -> None:
    look: dict[str, Any] = {"mode": "lines", "line": {"color": color, "width": 24}, "hoverinfo": "skip"}
    y = [row, row, np.nan] * (len(x) // 3)
    figure.add_scatter(uid=uid, x=np.array(x), y=np.array(y), yaxis="y3", **look)  # a list with NaN is not JSON


def _add_signs(
    figure: go.Figure, uid: str, x: list[float], signs: list[str], row: int, color: str | None = None
) -> None:
    look: dict[str, Any] = {"mode": "text", "textfont": {"size": 16, "color": color}, "hoverinfo": "skip"}
    figure.add_scatter(uid=uid, x=np.array(x), y=[row] * len(x), text=signs, yaxis="y3", **look)


def _said(trace: TelephoneTrace) -> list[tuple[str, int, int]]:
    """Return the runs of the best path that are no blanks, with their first and last frame, from 0."""
    return [run for run in runs(trace.path) if run[0] != BLANK]


def telephone_patch(trace: TelephoneTrace, frame: int) -> Patch:
    """What follows a frame, counted from 0: the frames around it, and what was heard until then."""
    bars: list[float] = []
    middles: list[float] = []
    for _, first, last in _said(trace):
        end = min(last, frame)
        there = first <= frame
        bars += [first + 0.6, end + 1.4, np.nan] if there else [np.nan] * 3
        middles.append((first + end) / 2 + 1 if there else np.nan)
    here = around(frame + 1, frame + 1)
    return {
        "frame.x": here,
        "belief_frame.x": here,
        "heard.x": np.array(bars),
        "digits.x": np.array(middles),
    }


def describe_telephone(trace: TelephoneTrace, frame: int) -> str:
    """Say what is likeliest at a frame, and what was heard until then."""
    beliefs, frames = trace.beliefs[:, frame], len(trace.path)
    likeliest = int(beliefs.argmax())
    what = f"“{likeliest - 1}”" if likeliest else "the blank"
    heard = f"“{trace.heard[frame]}”" if trace.heard[frame] else "nothing"
    start = f"Frame {frame + 1} of {frames}: {what} with {beliefs[likeliest]:.0%}. “{trace.number}” was pressed"
    if frame < frames - 1:
        return f"{start}; so far {heard} was heard."
    end = "which is right" if trace.heard[frame] == trace.number else "which is wrong"
    return f"{start}, and {heard} was heard, {end}."


def telephone(trace: TelephoneTrace, frame: int | None = None) -> Picture:
    """Draw a dialled number as it is heard, after a frame (from 0), or after the last."""
    frame = len(trace.path) - 1 if frame is None else frame
    return Picture(patched(telephone_figure(trace), telephone_patch(trace, frame)), describe_telephone(trace, frame))
