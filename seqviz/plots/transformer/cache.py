"""Which tokens are computed at which step: all of them again, or the new ones alone."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, new_figure, visible
from seqviz.traces.transformer.records import CacheTrace

KEPT, FIRST, AGAIN = range(3)
NAMES = ("kept", "computed", "computed again")
_COLORS = ("rgba(128,128,128,0.35)", CATEGORICAL[0], HIGHLIGHT)
ROW = 20  # pixels for a step


def cells(trace: CacheTrace) -> dict[str, np.ndarray]:
    """Return for both ways what happens to every token at every step, NaN where it is not there yet."""
    steps, tokens = len(trace.said), np.arange(len(trace.tokens))
    found = {}
    for way, computed in (("again", trace.again), ("cached", trace.cached)):
        z = np.full((steps, len(tokens)), np.nan)
        for step in range(steps):
            there = trace.prompt + step
            z[step, :there] = KEPT
            z[step, there - computed[step] : there] = AGAIN
            z[step, 0 if step == 0 else there - 1 : there] = FIRST
        found[way] = z
    return found


def cache_figure(trace: CacheTrace) -> go.Figure:
    """Draw two empty maps, steps down and tokens across."""
    steps, tokens = len(trace.said), len(trace.tokens)
    along = {
        "range": [-0.5, tokens - 0.5],
        "tickvals": list(range(tokens)),
        "ticktext": [visible(token) for token in trace.tokens],
        "tickangle": 0,
    }
    rows = {"range": [steps + 0.5, 0.5], "dtick": max(1, steps // 6), "tick0": 1}
    figure = new_figure(
        120 + ROW * steps,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis=along | {"domain": [0, 0.47], "title": "without a cache"},
        yaxis=rows | {"title": "step"},
        xaxis2=along | {"domain": [0.55, 1], "title": "with a cache", "anchor": "y2"},
        yaxis2=rows | {"matches": "y", "anchor": "x2"},
    )
    figure.update_xaxes(showgrid=False, zeroline=False).update_yaxes(showgrid=False, zeroline=False)
    for way, axes in (("again", {}), ("cached", {"xaxis": "x2", "yaxis": "y2"})):
        figure.add_heatmap(
            uid=way,
            y0=1,
            z=np.full((steps, tokens), np.nan),
            zmin=-0.5,
            zmax=2.5,
            colorscale=[[at / 3, color] for i, color in enumerate(_COLORS) for at in (i, i + 1)],
            xgap=1,
            ygap=1,
            showscale=False,
            hoverinfo="skip",
            **axes,
        )
    for name, color in zip(NAMES, _COLORS, strict=True):
        marker = {"color": color, "symbol": "square", "size": 12}
        figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, name=name, hoverinfo="skip")
    return figure


def cache_patch(trace: CacheTrace, step: int) -> Patch:
    """What follows the step: the rows up to it."""
    patch: Patch = {}
    for way, z in cells(trace).items():
        shown = z.copy()
        shown[step + 1 :] = np.nan
        patch[f"{way}.z"] = shown
    return patch


def describe_cache(trace: CacheTrace, step: int) -> str:
    """Say what is computed at the step and up to it, and that the answers are the same."""
    again, cached = trace.again[: step + 1], trace.cached[: step + 1]
    written = "".join(visible(token) for token in trace.tokens[: trace.prompt + step])
    apart = np.format_float_positional(trace.apart[: step + 1].max(), precision=1, fractional=False, trim="-")
    return (
        f"Step {step + 1}: after “{written}” comes “{visible(trace.said[step])}”. Without a cache {_tokens(again[-1])} "
        f"through the blocks, {again.sum()} so far; with one {_tokens(cached[-1])}, {cached.sum()} so far, and "
        f"{trace.numbers * (trace.prompt + step)} numbers are kept. "
        f"Their log-probabilities differ by {apart} at most."
    )


def _tokens(count: int) -> str:
    return f"{count} token{' goes' if count == 1 else 's go'}"


def cache(trace: CacheTrace, step: int) -> Picture:
    """Draw both maps up to one of the steps (from 0)."""
    return Picture(patched(cache_figure(trace), cache_patch(trace, step)), describe_cache(trace, step))
