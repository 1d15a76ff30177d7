"""The stages of one look: dot products, scores, the mask, the softmax, and the weighted sum of the values.

One row for every word that can be looked at, the same in all panels: what it offers, how well it fits, what it gives.
"""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import DIVERGING, SEQUENTIAL, listed, new_figure, number, visible
from seqviz.traces.self_attention.records import StagesTrace

ROW = 26  # pixels for a word
WRITTEN = 8  # the most numbers of a vector that still have room to be written into their cells
NAMED = 3  # how many words a sentence names


def stages_figure(trace: StagesTrace) -> go.Figure:
    """Draw the keys, and empty cells for what depends on the word that asks."""
    figure = _layout(trace)
    words, size = trace.k.shape
    vector = f"%{{z:.{_decimals(size)}f}}" if size <= WRITTEN else ""
    key_bound, value_bound = (max(1e-9, float(np.abs(part).max())) for part in (_both(trace), trace.v))
    score_bound = max(1e-9, float(np.abs(trace.products).max()))
    rows = np.arange(1, words + 1)
    _add_cells(figure, "query", [0], np.zeros((1, size)), key_bound, vector, "q: %{z:.3f}")
    _add_cells(figure, "keys", rows, trace.k, key_bound, vector, "k: %{z:.3f}")
    two = np.zeros((words, 2))
    _add_cells(figure, "scores", rows, two, score_bound, "%{z:.2f}", "%{z:.3f}", "2")
    _add_cells(figure, "weights", rows, two[:, :1], 1, "%{z:.0%}", "weight %{z:.1%}", "2", SEQUENTIAL)
    figure.data[-1].x = [2]  # beside the two columns of scores
    _add_cells(figure, "gives", rows, np.zeros_like(trace.v), value_bound, vector, "weight × v: %{z:.3f}", "3")
    _add_cells(figure, "sum", [words + 1], np.zeros((1, size)), value_bound, vector, "z: %{z:.3f}", "3")
    return figure


def _decimals(size: int) -> int:
    return 2 if size <= WRITTEN // 2 else 1


def _both(trace: StagesTrace) -> np.ndarray:
    return np.concatenate([trace.q, trace.k])


def _layout(trace: StagesTrace) -> go.Figure:
    words = len(trace.tokens)
    names = ["q", *map(visible, trace.tokens), "z"]
    titles = ["q, keys k", "", "α v, sum z"]
    domains = [(0, 0.24), (0.38, 0.62), (0.76, 1)]
    figure = new_figure(110 + ROW * (words + 2), margin={"l": 90, "r": 8, "t": 44, "b": 8})
    size = trace.k.shape[1]
    rows = {"": range(words + 1), "2": range(1, words + 1), "3": range(1, words + 2)}  # that a panel has
    stages = {"tickvals": [0, 1, 2], "ticktext": ["q·k", f"÷√{size}", "α"], "range": [-0.5, 2.5]}
    for axis, title, domain in zip(("", "2", "3"), titles, domains, strict=True):
        figure.update_layout(
            {
                f"xaxis{axis}": {
                    "domain": domain,
                    "side": "top",
                    "title": {"text": title, "standoff": 6},
                    "tickangle": 0,
                    "anchor": f"y{axis}",
                    **(stages if axis == "2" else {"tickvals": [], "range": [-0.5, size - 0.5]}),
                },
                f"yaxis{axis}": {
                    "range": [words + 1.5, -0.5],
                    "tickvals": list(rows[axis]),
                    "ticktext": [names[row] for row in rows[axis]],
                    "anchor": f"x{axis}",
                },
            }
        )
    return figure.update_xaxes(showgrid=False, zeroline=False).update_yaxes(showgrid=False, zeroline=False)


def _add_cells(
    figure: go.Figure,
    uid: str,
    rows: object,
    z: np.ndarray,
    bound: float,
    text: str,
    hover: str,
    axis: str = "",
    colors: object = DIVERGING,
) -> None:
    figure.add_heatmap(
        uid=uid,
        x=np.arange(z.shape[1]),
        y=np.asarray(rows),
        z=z,
        zmin=0 if colors is SEQUENTIAL else -bound,
        zmax=bound,
        colorscale=colors,
        showscale=False,
        xgap=1,
        ygap=2,
        texttemplate=text or None,
        textfont={"size": 12},
        hovertemplate=f"{hover}<extra></extra>",
        hoverongaps=False,
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
    )


def stages_patch(trace: StagesTrace, word: int) -> Patch:
    """What follows the word that asks, counted from 0; what it may not look at has no score."""
    weights = trace.weights[word]
    hidden = np.where(trace.allowed[word], 0, np.nan)
    gives = weights[:, None] * trace.v
    return {
        "query.z": trace.q[word : word + 1],
        "scores.z": np.stack([trace.products[word], trace.scores[word] + hidden], axis=1),
        "weights.z": weights[:, None],
        "gives.z": gives,
        "sum.z": gives.sum(0, keepdims=True),
    }


def describe_stages(trace: StagesTrace, word: int) -> str:
    """Say whom a word asks, with the numbers on the way, and what it may not look at."""
    weights = trace.weights[word]
    order = [i for i in np.argsort(-weights, kind="stable")[:NAMED] if weights[i] >= 0.005]
    told = listed(
        f"“{visible(trace.tokens[i])}” {weights[i]:.0%} (q·k = {number(trace.products[word, i])}, "
        f"by √{trace.k.shape[1]} {number(trace.scores[word, i])})"
        for i in order
    )
    hidden = int((~trace.allowed[word]).sum())
    closed = f" It may not look at {hidden} of {len(weights)} words." if hidden else ""
    return (
        f"Layer {trace.layer + 1}, head {trace.head + 1}: word {word + 1}, “{visible(trace.tokens[word])}”, "
        f"looks at {told}.{closed}"
    )


def stages(trace: StagesTrace, word: int = 0) -> Picture:
    """Draw the stages of the look of one word, counted from 0."""
    return Picture(patched(stages_figure(trace), stages_patch(trace, word)), describe_stages(trace, word))
