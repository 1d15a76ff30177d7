"""Where a translator looked: outputs across, the source down, and frames around what is known to belong together."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import (
    CATEGORICAL,
    HIGHLIGHT,
    SEQUENTIAL,
    in_one_trace,
    listed,
    new_figure,
    token_name,
    token_sign,
    visible,
)
from seqviz.traces.translation.records import AlignmentTrace

ROW = 16  # pixels for a step of the source, so that 35 of them can be read
NAMED = 3  # how many steps a sentence names


def missed(trace: AlignmentTrace) -> tuple[int, int]:
    """Return at how many output steps the largest weight lies beside what is known, and for how many anything is."""
    has_source = trace.known.any(1)
    hit = trace.known[np.arange(len(trace.known)), trace.weights.argmax(1)]
    return int((has_source & ~hit).sum()), int(has_source.sum())


def known_blocks(trace: AlignmentTrace) -> list[tuple[int, int, int, int]]:
    """Return first and last output, first and last source step of every block of outputs with one known source."""
    blocks: list[tuple[int, int, int, int]] = []
    for output, row in enumerate(trace.known):
        places = np.flatnonzero(row)
        if not len(places):
            continue
        top, bottom = int(places[0]), int(places[-1])
        if blocks and blocks[-1][1:] == (output - 1, top, bottom):
            blocks[-1] = (blocks[-1][0], output, top, bottom)
        else:
            blocks.append((output, output, top, bottom))
    return blocks


def alignment_figure(trace: AlignmentTrace) -> go.Figure:
    """Draw the weights as a map with the words along both axes, the known blocks, and a frame without its place."""
    outputs, steps = trace.weights.shape
    figure = new_figure(
        60 + ROW * steps,
        margin={"l": 40, "r": 8, "t": 44, "b": 8},
        xaxis={
            "side": "top",
            "range": [0.5, outputs + 0.5],
            "tickvals": list(range(1, outputs + 1)),
            "ticktext": [token_sign(token) for token in trace.said],
            "tickangle": 0,
            "title": {"text": "says (⏎: the end)", "standoff": 4},
        },
        yaxis={
            "range": [steps + 0.5, 0.5],
            "tickvals": list(range(1, steps + 1)),
            "ticktext": [token_name(token) for token in trace.source],
            "tickfont": {"size": 12, "family": "ui-monospace, monospace"},
            "title": {"text": "looks at", "standoff": 4},
        },
    )
    figure.update_xaxes(showgrid=False, zeroline=False).update_yaxes(showgrid=False, zeroline=False)
    figure.add_heatmap(
        uid="weights",
        x0=1,
        y0=1,
        z=trace.weights.T,
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        xgap=1,
        ygap=1,
        colorbar={"thickness": 10, "title": {"text": "α", "side": "top"}, "tickvals": [0, 0.5, 1]},
        hovertemplate="output %{x:d}, source %{y:d}: %{z:.2f}<extra></extra>",
    )
    blocks = [_outline(*block) for block in known_blocks(trace)]
    x, y = in_one_trace(blocks)
    line = {"color": CATEGORICAL[3], "width": 2.5}
    figure.add_scatter(uid="known", x=x, y=y, mode="lines", line=line, hoverinfo="skip", cliponaxis=False)
    chosen = {"color": HIGHLIGHT, "width": 3}
    figure.add_scatter(uid="frame", x=[0] * 5, y=[0] * 5, mode="lines", line=chosen, hoverinfo="skip", cliponaxis=False)
    return figure


def _outline(first: int, last: int, top: int, bottom: int) -> list[tuple[float, float]]:
    left, right, high, low = first + 0.5, last + 1.5, top + 0.5, bottom + 1.5
    return [(left, high), (right, high), (right, low), (left, low), (left, high)]


def alignment_patch(trace: AlignmentTrace, selection: int) -> Patch:
    """What follows the selection, outputs first and then the source: the frame around a column or a row."""
    outputs, steps = trace.weights.shape
    if selection < outputs:
        corners = _outline(selection, selection, 0, steps - 1)
    else:
        corners = _outline(0, outputs - 1, selection - outputs, selection - outputs)
    return {"frame.x": [x for x, _ in corners], "frame.y": [y for _, y in corners]}


def alignment_levels(trace: AlignmentTrace) -> np.ndarray:
    """Return a colour for every output and every source step at every selection: what it gives, what it gets."""
    outputs, steps = trace.weights.shape
    levels = np.full((outputs + steps, outputs + steps), np.nan)
    levels[:outputs, outputs:] = trace.weights
    levels[outputs:, :outputs] = trace.weights.T
    return np.clip(levels, 0, 1)


def describe_alignment(trace: AlignmentTrace, selection: int) -> str:
    """Say where the weight of an output lies, or which outputs look at a source step, and what is known of it."""
    outputs = len(trace.said)
    found = _describe_output(trace, selection) if selection < outputs else _describe_source(trace, selection - outputs)
    return f"{found} {_verdict(trace)}"


def _describe_output(trace: AlignmentTrace, output: int) -> str:
    weights, known = trace.weights[output], trace.known[output]
    told = (
        f"Output {output + 1}, “{token_name(trace.said[output])}”, looks at {_most(weights, trace.source, 'source')}."
    )
    if known.any():
        belongs = "".join(visible(token) for token, one in zip(trace.source, known, strict=True) if one)
        told += f" What says it is “{belongs}”: {weights[known].sum():.0%} of the weight lies there."
    return told


def _describe_source(trace: AlignmentTrace, step: int) -> str:
    weights = trace.weights[:, step]
    name = f"Source {step + 1}, “{token_name(trace.source[step])}”,"
    if weights.max() < 0.05:
        return f"{name} is hardly looked at by any output."
    return f"{name} is looked at by {_most(weights, trace.said, 'output')}."


def _most(weights: np.ndarray, tokens: tuple[str, ...], side: str) -> str:
    """Name the steps with the largest weights, as far as these are worth naming."""
    order = [i for i in np.argsort(-weights, kind="stable")[:NAMED] if weights[i] >= 0.05] or [int(weights.argmax())]
    return listed(f"{side} {i + 1} “{token_name(tokens[i])}” {weights[i]:.0%}" for i in order)


def _verdict(trace: AlignmentTrace) -> str:
    said = "".join(token for token in trace.said if token != "<eos>")
    told = f"It says “{said}”"
    if trace.right:
        told += ", which is right" if said == trace.right else f", which should be “{trace.right}”"
    wrong, counted = missed(trace)
    if not counted:
        return f"{told}."
    return f"{told}. Alignment error: {wrong} of {counted} outputs look most at something else."


def alignment(trace: AlignmentTrace, selection: int = 0) -> Picture:
    """Draw the map with a column framed or, after the outputs, a row (both counted from 0)."""
    figure = patched(alignment_figure(trace), alignment_patch(trace, selection))
    return Picture(figure, describe_alignment(trace, selection))
