"""A stack of convolutions, and the part of the input that one output sees."""

from collections.abc import Sequence

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import HIGHLIGHT, INK, new_figure

Arrow = tuple[tuple[int, int], tuple[int, int]]  # (step, layer) of the tail and of the head


def seen_by_last(time: int, widths: Sequence[int], dilations: Sequence[int]) -> list[set[int]]:
    """Return, for the input and each layer, the steps (counted from 0) that reach the last output.

    A layer's value stands at the last step its window reads, so that all layers end at the same step. Raises ValueError
    when the stack sees more than there is.
    """
    seen = [{time - 1}]
    for width, dilation in zip(reversed(widths), reversed(dilations), strict=True):
        seen.insert(0, {t - j * dilation for t in seen[0] for j in range(width)})
    if min(seen[0]) < 0:
        raise ValueError(f"time: expected at least {time - min(seen[0])} steps for this stack, got {time}")
    return seen


def receptive_field_figure(time: int, widths: Sequence[int], dilations: Sequence[int]) -> go.Figure:
    """Draw the figure of `receptive_field`."""
    seen = seen_by_last(time, widths, dilations)
    figure = new_figure(90 + 70 * len(seen), hovermode=False)
    pale, bright = _arrows(time, widths, dilations, seen)
    for arrows, color, width in ((pale, "rgba(128,128,128,0.3)", 1), (bright, HIGHLIGHT, 2)):
        ends = [end for tail, head in arrows for end in (tail, head, (None, None))]
        line = {"color": color, "width": width}
        figure.add_scatter(x=[x for x, _ in ends], y=[y for _, y in ends], mode="lines", line=line)
    shortened = 0
    for layer, steps in enumerate(seen):
        if layer:
            shortened += (widths[layer - 1] - 1) * dilations[layer - 1]
        there = range(shortened, time)
        colors = [HIGHLIGHT if t in steps else INK for t in there]
        figure.add_scatter(x=list(there), y=[layer] * len(there), mode="markers", marker={"size": 11, "color": colors})
    names = ["input", *(f"layer {layer}" for layer in range(1, len(seen)))]
    every = max(1, time // 8)  # all of them would not fit on a phone
    ticks = list(range(every - 1, time, every))
    figure.update_xaxes(title="step t", tickvals=ticks, ticktext=[t + 1 for t in ticks], showgrid=False, zeroline=False)
    return figure.update_yaxes(
        tickvals=list(range(len(seen))),
        ticktext=names,
        range=[-0.4, len(widths) + 0.4],
        showgrid=False,
        zeroline=False,
    )


def _arrows(
    time: int, widths: Sequence[int], dilations: Sequence[int], seen: list[set[int]]
) -> tuple[list[Arrow], list[Arrow]]:
    pale, bright, first = [], [], 0
    for layer, (width, dilation) in enumerate(zip(widths, dilations, strict=True), start=1):
        first += (width - 1) * dilation
        for t in range(first, time):
            kind = bright if t in seen[layer] else pale
            kind += [((t - j * dilation, layer - 1), (t, layer)) for j in range(width)]
    return pale, bright


def describe_receptive_field(time: int, widths: Sequence[int], dilations: Sequence[int]) -> str:
    """Say how many steps of each layer reach the last output."""
    seen = seen_by_last(time, widths, dilations)
    layers = ", ".join(
        f"layer {number} (width {width}, dilation {dilation}): {len(steps)}"
        for number, (width, dilation, steps) in enumerate(zip(widths, dilations, seen[1:], strict=True), start=1)
    )
    span = time - min(seen[0])
    return (
        f"Values that reach the last output, {layers}. Of the input it sees {len(seen[0])} values, "
        f"spread over the last {span} of {time} steps."
    )


def receptive_field(time: int, widths: Sequence[int], dilations: Sequence[int]) -> Picture:
    """Draw every value as a dot, the input at the bottom; bright is what reaches the last output of the top layer."""
    return Picture(receptive_field_figure(time, widths, dilations), describe_receptive_field(time, widths, dilations))
