"""b − a + c on a map whose first axis runs along a → b, and which words are near to it in the full space."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, new_figure, number
from seqviz.traces.embeddings.records import AnalogyTrace

OTHER = "any other"
_PALE = "rgba(128,128,128,0.45)"


def analogy_figure(trace: AnalogyTrace) -> go.Figure:
    """Draw the words of the map and the arrow a → b; beside them a bar for each word, still empty."""
    (x_low, x_high), (y_low, y_high) = _ranges(trace)
    rows = len(trace.words) + 1
    bare = {"showticklabels": False, "showgrid": False, "zeroline": False}
    figure = new_figure(
        480,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={"domain": [0, 0.64], "range": [x_low, x_high], "title": _along(trace), **bare},
        yaxis={"range": [y_low, y_high], "title": "how else they differ most", **bare},
        xaxis2={
            "domain": [0.79, 1],
            "anchor": "y2",
            "range": [-0.6, 1.05],
            "title": "cosine with the sum",
            "dtick": 0.5,
        },
        yaxis2={
            "anchor": "x2",
            "range": [rows - 0.5, -0.5],
            "tickvals": list(range(rows)),
            "ticktext": [*trace.words, OTHER],
            "showgrid": False,
            "zeroline": False,
        },
        barmode="overlay",
    )
    a, b = (trace.words.index(word) if word in trace.words else None for word in trace.pair)
    if a is not None and b is not None:
        ends = trace.places[[a, b]]
        figure.add_scatter(
            x=ends[:, 0],
            y=ends[:, 1],
            mode="lines",
            line={"color": _PALE, "width": 3, "dash": "dot"},
            hoverinfo="skip",
            showlegend=False,
        )
    figure.add_scatter(
        uid="arrow",
        x=[0, 0],
        y=[0, 0],
        mode="lines",
        line={"color": HIGHLIGHT, "width": 3},
        hoverinfo="skip",
        name=_sum(trace),
    )
    figure.add_scatter(
        uid="words",
        x=trace.places[:, 0],
        y=trace.places[:, 1],
        mode="markers",
        marker={"size": 9, "color": CATEGORICAL[0]},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=trace.places[:, 0],
        y=label_heights(trace.places, y_high - y_low),
        mode="text",
        text=list(trace.words),
        textposition="top center",
        textfont={"color": INK, "size": 13},
        hoverinfo="skip",
        showlegend=False,
    )
    tip = {"size": 15, "color": HIGHLIGHT, "symbol": "x-thin", "line": {"color": HIGHLIGHT, "width": 3}}
    figure.add_scatter(uid="sum", x=[0], y=[0], mode="markers", marker=tip, hoverinfo="skip", showlegend=False)
    ring = {"size": 20, "color": "rgba(0,0,0,0)", "line": {"color": CATEGORICAL[2], "width": 3}}
    figure.add_scatter(
        uid="answer", x=[None], y=[None], mode="markers", marker=ring, hoverinfo="skip", showlegend=False
    )
    bars = (("near", "", CATEGORICAL[0]), ("query", "left out", _PALE), ("best", "the answer", CATEGORICAL[2]))
    for uid, name, color in bars:
        figure.add_bar(
            uid=uid,
            x=np.zeros(rows),
            y=np.arange(rows),
            orientation="h",
            xaxis="x2",
            yaxis="y2",
            marker={"color": color},
            hovertemplate="%{x:.2f}<extra></extra>",
            name=name,
            showlegend=bool(name),
        )
    return figure


def _sum(trace: AnalogyTrace) -> str:
    a, b = trace.pair
    return f"{b} − {a} + the word"


def _along(trace: AnalogyTrace) -> str:
    return f"along {trace.pair[0]} → {trace.pair[1]}"


def _ranges(trace: AnalogyTrace) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of both axes: every word and every sum lies inside, with room for its name."""
    everything = np.concatenate([trace.places, trace.sums])
    low, high = everything.min(0), everything.max(0)
    room = 0.12 * (high - low)
    names = label_heights(trace.places, float(np.ptp(everything[:, 1])))
    return (low[0] - room[0], high[0] + room[0]), (low[1] - room[1], max(high[1], names.max()) + room[1])


def label_heights(places: np.ndarray, span: float) -> np.ndarray:
    """Return where the names stand: at their points, or higher where a name below would be touched."""
    height, near = 0.045 * span, 0.35 * np.ptp(places[:, 0])
    heights = places[:, 1].copy()
    for i in np.argsort(places[:, 1], kind="stable"):
        below = [j for j in range(len(places)) if j != i and abs(places[j, 0] - places[i, 0]) < near]
        placed = [heights[j] for j in below if places[j, 1] < places[i, 1]]
        if placed:
            heights[i] = max(heights[i], max(placed) + height)
    return heights


def analogy_patch(trace: AnalogyTrace, c: int) -> Patch:
    """What follows the third word: the arrow from it to the sum, the answer, and the cosines."""
    start, end, answer = trace.places[c], trace.sums[c], trace.answer(c)
    ring = trace.places[answer] if answer is not None else np.array([np.nan, np.nan])
    cosines = np.append(trace.cosines[c], trace.other_cosines[c])
    best = len(trace.words) if answer is None else answer
    asked = np.append(trace.is_asked(c), True)
    return {
        "arrow.x": np.array([start[0], end[0]]),
        "arrow.y": np.array([start[1], end[1]]),
        "sum.x": end[:1],
        "sum.y": end[1:],
        "answer.x": ring[:1],
        "answer.y": ring[1:],
        "near.x": np.where(asked, cosines, 0.0),
        "query.x": np.where(asked, 0.0, cosines),
        "best.x": np.where(np.arange(len(cosines)) == best, cosines, 0.0),
    }


def describe_analogy(trace: AnalogyTrace, c: int) -> str:
    """Say the question, the answer and how near it is; and what comes next, or what was not asked."""
    a, b = trace.pair
    answer = trace.answer(c)
    word = trace.others[c] if answer is None else trace.words[answer]
    cosine = trace.other_cosines[c] if answer is None else trace.cosines[c, answer]
    said = f"{a} is to {b} as {trace.words[c]} is to {word}, with a cosine of {number(cosine)}. "
    nearest = int(trace.cosines[c].argmax())
    if not trace.query_left_out:
        return f"{said}The three words of the question could be the answer, too."
    if not trace.is_asked(c)[nearest] and trace.cosines[c, nearest] > cosine:
        return f"{said}Nearest of all is {trace.words[nearest]}, {number(trace.cosines[c, nearest])}, left out."
    return f"{said}It is the nearest of all, the three words of the question included."


def analogy(trace: AnalogyTrace, c: int) -> Picture:
    """Draw b − a + c for one of the map's words (counted from 0), and the cosines of all of them with it."""
    return Picture(patched(analogy_figure(trace), analogy_patch(trace, c)), describe_analogy(trace, c))
