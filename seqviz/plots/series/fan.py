"""A forecast as a fan: its mean, its interval at every step ahead, and what then came."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, new_figure, number
from seqviz.traces.series.records import FanTrace

BEFORE = 40  # how many of the known times are shown


def came(trace: FanTrace) -> np.ndarray:
    """Return what came at every step ahead; NaN beyond the end of the series."""
    found = np.full(len(trace.mean), np.nan)
    known = trace.values[trace.origin + 1 : trace.origin + 1 + len(found)]
    found[: len(known)] = known
    return found


def inside(trace: FanTrace) -> np.ndarray:
    """Return whether what came lies in its interval; False where nothing came."""
    return (trace.low <= came(trace)) & (came(trace) <= trace.high)


def fan_figure(trace: FanTrace) -> go.Figure:
    """Draw what was known; the fan waits for its horizon."""
    first, horizon = max(trace.origin + 1 - BEFORE, 0), len(trace.mean)
    past = np.arange(first - trace.origin, 1)  # in steps from the last known time
    drawn = np.concatenate([trace.values[first : trace.origin + 1], trace.low, trace.high, came(trace)])
    low, high = float(np.nanmin(drawn)), float(np.nanmax(drawn))
    room = 0.06 * (high - low) or 1.0
    figure = new_figure(
        380,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 64, "r": 12, "t": 48, "b": 44},
        xaxis={"range": [past[0] - 0.5, horizon + 0.5], "zeroline": False, **_ticks(trace, first)},
        yaxis={"title": trace.unit, "range": [low - room, high + room], "zeroline": False},
    )
    line = {"mode": "lines", "x": past, "y": trace.values[first : trace.origin + 1]}
    figure.add_scatter(
        name="known", line={"color": CATEGORICAL[0], "width": 2}, hovertemplate="%{y:.4g}<extra></extra>", **line
    )
    ahead = np.arange(horizon + 1)
    figure.add_scatter(
        uid="fan",
        name=f"{trace.level:.0%} interval",
        x=np.concatenate([ahead, ahead[::-1]]),
        y=np.full(2 * len(ahead), np.nan),
        fill="toself",
        mode="none",
        fillcolor="rgba(230,159,0,0.3)",
        hoverinfo="skip",
    )
    for uid, name, look in (
        ("mean", "forecast", {"line": {"color": "#a06800", "width": 2, "dash": "dash"}, "mode": "lines"}),
        ("came", "what came", {"line": {"color": HIGHLIGHT, "width": 2}, "mode": "lines+markers"}),
    ):
        gaps = np.full(len(ahead), np.nan)
        figure.add_scatter(uid=uid, name=name, x=ahead, y=gaps, hovertemplate="%{y:.4g}<extra></extra>", **look)
    return figure


def _ticks(trace: FanTrace, first: int) -> dict[str, list]:
    """Return every tenth time as a label; beyond the end of the series there are no times."""
    places = [place for place in range(first, len(trace.times)) if place % 10 == 0]
    return {
        "tickvals": [place - trace.origin for place in places],
        "ticktext": [trace.times[place] for place in places],
    }


def fan_patch(trace: FanTrace, step: int) -> Patch:
    """The fan up to a horizon, counted from 0: step 0 is one time ahead."""
    now = trace.values[trace.origin]
    shown = np.arange(len(trace.mean)) <= step

    def until(values: np.ndarray) -> np.ndarray:
        return np.concatenate([[now], np.where(shown, values, np.nan)])

    # beyond the horizon the outline goes back on itself: a gap would leave it open
    def edge(values: np.ndarray) -> np.ndarray:
        return np.concatenate([[now], np.where(shown, values, values[step])])

    x = np.concatenate([[0], np.minimum(np.arange(len(trace.mean)), step) + 1])
    return {
        "fan.x": np.concatenate([x, x[::-1]]),
        "fan.y": np.concatenate([edge(trace.high), edge(trace.low)[::-1]]),
        "mean.y": until(trace.mean),
        "came.y": until(came(trace)),
    }


def describe_fan(trace: FanTrace, step: int) -> str:
    """Say what is forecast that far ahead, what came, and how many of the steps until there lay inside."""
    known = trace.times[trace.origin]
    by = trace.forecaster[0].upper() + trace.forecaster[1:]
    low, mean, high = (number(float(values[step]), ".4g") for values in (trace.low, trace.mean, trace.high))
    steps = f"{step + 1} {'step' if step == 0 else 'steps'}"
    text = f"{by}, known until {known}, {steps} ahead: {mean}, {trace.level:.0%} between {low} and {high}."
    arrived = ~np.isnan(came(trace)[: step + 1])
    if not arrived[-1]:
        return f"{text} What came is not known."
    where = "inside" if inside(trace)[step] else "outside"
    held = f"So far {int(inside(trace)[: step + 1].sum())} of {int(arrived.sum())} inside."
    return f"{text} What came: {number(float(came(trace)[step]), '.4g')}, {where}. {held}"


def fan(trace: FanTrace, step: int | None = None) -> Picture:
    """Draw a forecast up to a horizon (from 0), or whole."""
    step = len(trace.mean) - 1 if step is None else step
    return Picture(patched(fan_figure(trace), fan_patch(trace, step)), describe_fan(trace, step))
