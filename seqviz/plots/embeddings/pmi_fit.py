"""What a trained model says of every pair of words against what a theorem says that it should."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, INK, new_figure, number

MOST = 1500  # points: more cannot be told apart


def chosen_points(count: int) -> np.ndarray:
    """Return which points are drawn: all, or so many evenly spread over them."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST)).round().astype(int))


def pmi_fit_figure(theorem: np.ndarray, products: np.ndarray) -> go.Figure:
    """Draw the figure of `pmi_fit`."""
    _expect_fit(theorem, products)
    order = np.argsort(theorem, kind="stable")[chosen_points(len(theorem))]
    low, high = float(min(theorem.min(), products.min())), float(max(theorem.max(), products.max()))
    figure = new_figure(
        440,
        xaxis={"title": "shifted PMI, by counting"},
        yaxis={"title": "e<sub>w</sub> · o<sub>c</sub>, as trained"},
    )
    figure.add_scatter(x=[low, high], y=[low, high], mode="lines", line={"color": INK, "dash": "dot"}, hoverinfo="skip")
    figure.add_scatter(
        x=theorem[order],
        y=products[order],
        mode="markers",
        marker={"size": 5, "color": CATEGORICAL[0], "opacity": 0.45},
        hovertemplate="theorem %{x:.2f}, trained %{y:.2f}<extra></extra>",
    )
    return figure


def describe_pmi_fit(theorem: np.ndarray, products: np.ndarray) -> str:
    """Say how many pairs there are, how they correlate and how far the model is off."""
    _expect_fit(theorem, products)
    together = float(np.corrcoef(theorem, products)[0, 1])
    off = float(np.abs(theorem - products).mean())
    return (
        f"{len(theorem):,} pairs of words that came up: shifted PMI and trained products have a correlation of "
        f"{number(together)}; they are {number(off)} apart on average."
    )


def _expect_fit(theorem: np.ndarray, products: np.ndarray) -> None:
    if theorem.shape != products.shape or theorem.ndim != 1 or len(theorem) < 2:
        raise ValueError(f"expected two lists of the same two or more pairs, got {theorem.shape} and {products.shape}")
    if not (np.isfinite(theorem).all() and np.isfinite(products).all()):
        raise ValueError("expected finite numbers: leave out the pairs that never came up")


def pmi_fit(theorem: np.ndarray, products: np.ndarray) -> Picture:
    """Draw a point for each pair of words: what counting says, and the product of the trained vectors.

    where all points on the dotted line would be the theorem fulfilled. Of very many pairs some are drawn, evenly
    spread. Raises ValueError for lists of different lengths and for infinite entries.
    """
    return Picture(pmi_fit_figure(theorem, products), describe_pmi_fit(theorem, products))
