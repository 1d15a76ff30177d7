"""Sequences of different lengths in one rectangle: what of it is real, and what is padding."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, new_figure


def longest_first(lengths: Sequence[int]) -> np.ndarray:
    """Return the lengths, longest first.

    Raises ValueError unless there is at least one and each is at least 1.
    """
    ordered = np.sort(np.asarray(lengths))[::-1]
    if not len(ordered) or ordered[-1] < 1:
        raise ValueError(f"lengths: expected one or more, each at least 1, got {list(lengths)}")
    return ordered


def padding_figure(lengths: Sequence[int]) -> go.Figure:
    """Draw the figure of `padding`."""
    real = longest_first(lengths)
    rows = np.arange(1, len(real) + 1)
    figure = new_figure(300, showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0}, hovermode=False)
    # areas, not bars: thousands of bars are slow to draw
    for name, ends, fill, color in (
        ("real", real, "tozerox", CATEGORICAL[0]),
        ("padding", np.full_like(real, real[0]), "tonextx", "rgba(128,128,128,0.25)"),
    ):
        line = {"width": 0, "shape": "vh"}
        figure.add_scatter(x=ends, y=rows, mode="lines", line=line, fill=fill, fillcolor=color, name=name)
    figure.update_xaxes(title="step t", range=[0, real[0]], showgrid=False)
    return figure.update_yaxes(title="sequence, longest first", range=[len(real), 1], showgrid=False)


def describe_padding(lengths: Sequence[int]) -> str:
    """Say how large the rectangle is and how much of it is padding."""
    real = longest_first(lengths)
    waste = 1 - real.mean() / real[0]
    half = real[len(real) // 2]
    return (
        f"{len(real)} sequences. The longest has {real[0]} steps, half of them have at most {half}: "
        f"{waste:.0%} of the rectangle is padding."
    )


def padding(lengths: Sequence[int]) -> Picture:
    """Draw a batch, padded to its longest sequence, with a row for each sequence.

    Raises ValueError unless there is at least one length and each is at least 1.
    """
    return Picture(padding_figure(lengths), describe_padding(lengths))
