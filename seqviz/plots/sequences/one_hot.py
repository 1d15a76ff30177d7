"""A sequence of symbols as the network reads it: for every step a column of zeros with a single one."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, new_figure, visible

_EMPTY_AND_ONE = ((0.0, "rgba(128,128,128,0.12)"), (1.0, CATEGORICAL[0]))


def one_hot_columns(tokens: Sequence[str], symbols: Sequence[str]) -> np.ndarray:
    """Return a row for each symbol and a column for each token, 1 where they agree."""
    return np.array([[float(token == symbol) for token in tokens] for symbol in symbols])


def one_hot_figure(
    tokens: Sequence[str], symbols: Sequence[str], marked: Sequence[bool] | None = None, mark: str = "marked"
) -> go.Figure:
    """Draw the figure of `one_hot`."""
    unknown = sorted(set(tokens) - set(symbols))
    if unknown:
        raise ValueError(f"tokens: expected only {list(symbols)}, got {unknown}")
    steps = len(tokens)
    figure = new_figure(110 + 24 * len(symbols), legend={"orientation": "h", "y": 1.25}, showlegend=marked is not None)
    figure.add_heatmap(
        x0=1,
        z=one_hot_columns(tokens, symbols),
        colorscale=_EMPTY_AND_ONE,
        zmin=0,
        zmax=1,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="step %{x:d}, row %{y}: %{z}<extra></extra>",
    )
    if marked is not None:
        figure.add_scatter(
            x=np.flatnonzero(marked) + 1,
            y=np.full(int(np.sum(marked)), -0.75),
            mode="markers",
            name=mark,
            marker={"symbol": "square", "size": 9, "color": CATEGORICAL[5]},
            hoverinfo="skip",
        )
    figure.update_xaxes(
        tickvals=list(range(1, steps + 1)),
        ticktext=[visible(token) for token in tokens],
        tickangle=0,
        tickfont={"size": 11},
        title="step t (what it reads)",
        range=[0.5, steps + 0.5],
        showgrid=False,
        zeroline=False,
    )
    return figure.update_yaxes(
        tickvals=list(range(len(symbols))),
        ticktext=[visible(symbol) for symbol in symbols],
        range=[len(symbols) - 0.5, -1 if marked is not None else -0.5],
        showgrid=False,
        zeroline=False,
    )


def describe_one_hot(
    tokens: Sequence[str], symbols: Sequence[str], marked: Sequence[bool] | None = None, mark: str = "marked"
) -> str:
    """Say the size of the picture, the sequence, and which stretch is marked."""
    text = f"{len(symbols)} rows and {len(tokens)} columns with a single one each: {' '.join(map(visible, tokens))}."
    if marked is None or not any(marked):
        return text
    steps = np.flatnonzero(marked) + 1
    return f"{text} {mark.capitalize()}: {len(steps)} steps between {steps[0]} and {steps[-1]}."


def one_hot(
    tokens: Sequence[str], symbols: Sequence[str], marked: Sequence[bool] | None = None, mark: str = "marked"
) -> Picture:
    """Draw the one-hot columns of a sequence; ``marked`` steps get a bar above, which ``mark`` names.

    Raises ValueError when a token is not among the symbols.
    """
    return Picture(one_hot_figure(tokens, symbols, marked, mark), describe_one_hot(tokens, symbols, marked, mark))
