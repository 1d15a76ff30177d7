"""Heads side by side: for one word a row of weights for every head, and the whole map of the head in focus."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import HIGHLIGHT, SEQUENTIAL, around, listed, new_figure, visible
from seqviz.traces.self_attention.records import HeadsTrace

ROW = 22  # pixels for a head or a word
NAMED = 3  # how many words a sentence names


def heads_figure(trace: HeadsTrace) -> go.Figure:
    """Draw an empty row for every head, an empty map, and two frames without a place."""
    figure = _layout(trace)
    heads, words = len(trace.names), len(trace.tokens)
    _add_map(figure, "heads", np.zeros((heads, words)), "word %{x:d}", "")
    _add_map(figure, "map", np.zeros((words, words)), "word %{y:d} looks at word %{x:d}", "2")
    line = {"color": HIGHLIGHT, "width": 3}
    look = {"mode": "lines", "line": line, "hoverinfo": "skip", "cliponaxis": False}
    figure.add_scatter(uid="focus", x=around(1, words), y=[0] * 5, **look)
    figure.add_scatter(uid="word", x=around(1, words), y=[0] * 5, xaxis="x2", yaxis="y2", **look)
    return figure


def _layout(trace: HeadsTrace) -> go.Figure:
    heads, words = len(trace.names), len(trace.tokens)
    tokens = [visible(token) for token in trace.tokens]
    along = {
        "range": [0.5, words + 0.5],
        "tickvals": list(range(1, words + 1)),
        "ticktext": tokens,
        "tickangle": -90,
        "side": "top",
    }
    figure = new_figure(
        130 + ROW * max(heads, words),
        margin={"l": 60, "r": 8, "t": 90, "b": 8},
        xaxis=along | {"domain": [0, 0.44]},
        yaxis={
            "range": [heads + 0.5, 0.5],
            "tickvals": list(range(1, heads + 1)),
            "ticktext": list(trace.names),
            "title": "layer.head",
        },
        xaxis2=along | {"domain": [0.6, 1], "anchor": "y2"},
        yaxis2={
            "range": [words + 0.5, 0.5],
            "tickvals": list(range(1, words + 1)),
            "ticktext": tokens,
            "anchor": "x2",
        },
    )
    return figure.update_xaxes(showgrid=False, zeroline=False).update_yaxes(showgrid=False, zeroline=False)


def _add_map(figure: go.Figure, uid: str, z: np.ndarray, hover: str, axis: str) -> None:
    figure.add_heatmap(
        uid=uid,
        x0=1,
        y0=1,
        z=z,
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate=f"{hover}: %{{z:.0%}}<extra></extra>",
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
    )


def heads_patch(trace: HeadsTrace, word: int, head: int) -> Patch:
    """What follows the word that asks and the head in focus, all heads counted through, both from 0."""
    words = len(trace.tokens)
    of_heads = trace.weights.reshape(-1, words, words)
    return {
        "heads.z": of_heads[:, word],
        "map.z": of_heads[head],
        "focus.y": _beside(head + 1),
        "word.y": _beside(word + 1),
    }


def _beside(row: int) -> list[float]:
    return [row - 0.5, row - 0.5, row + 0.5, row + 0.5, row - 0.5]


def describe_heads(trace: HeadsTrace, word: int, head: int) -> str:
    """Say where the head in focus looks from a word, which head looks most strictly, and what the model says there."""
    words = len(trace.tokens)
    weights = trace.weights.reshape(-1, words, words)[:, word]
    order = np.argsort(-weights[head], kind="stable")[:NAMED]
    looks = listed(f"“{visible(trace.tokens[i])}” {weights[head, i]:.0%}" for i in order if weights[head, i] >= 0.005)
    strict = int(weights.max(1).argmax())
    most = int(weights[strict].argmax())
    said, probability = trace.said[word]
    return (
        f"Head {trace.names[head]}: word {word + 1}, “{visible(trace.tokens[word])}”, looks at {looks}. The strictest "
        f"of all heads there is {trace.names[strict]}, {weights[strict, most]:.0%} on “{visible(trace.tokens[most])}”. "
        f"The model answers “{visible(said)}” ({probability:.0%})."
    )


def heads(trace: HeadsTrace, word: int = 0, head: int = 0) -> Picture:
    """Draw all heads of a word with one in focus, both counted from 0."""
    figure = patched(heads_figure(trace), heads_patch(trace, word, head))
    return Picture(figure, describe_heads(trace, word, head))
