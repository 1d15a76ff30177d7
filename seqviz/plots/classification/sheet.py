"""Small pictures on a sheet, row under row."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.sequences.film import film_strip
from seqviz.plots.theme import SEQUENTIAL, listed, new_figure

ACROSS = 10  # pictures in a row


def on_sheet(pictures: np.ndarray) -> np.ndarray:
    """Return all pictures in one, `ACROSS` in a row, with gaps between; what is left of the last row is empty."""
    _, height, width = pictures.shape
    missing = -len(pictures) % ACROSS
    filled = np.concatenate([pictures, np.full((missing, height, width), np.nan)])
    rows = [film_strip(row) for row in filled.reshape(-1, ACROSS, height, width)]
    gap = np.full((1, rows[0].shape[1]), np.nan)
    return np.concatenate([part for row in rows for part in (row, gap)][:-1])


def sheet_figure(pictures: np.ndarray) -> go.Figure:
    """Draw the figure of `sheet`."""
    drawn = on_sheet(pictures)
    height, width = drawn.shape
    figure = new_figure(40 + round(560 * height / width), margin={"l": 8, "r": 8, "t": 16, "b": 16})
    figure.add_heatmap(z=drawn, colorscale=SEQUENTIAL, zmin=0, zmax=1, showscale=False, hoverinfo="skip")
    hidden = {"showticklabels": False, "ticks": "", "showgrid": False, "zeroline": False}
    figure.update_xaxes(**hidden, range=[-0.5, width - 0.5], constrain="domain")
    return figure.update_yaxes(**hidden, range=[height - 0.5, -0.5], scaleanchor="x")


def describe_sheet(pictures: np.ndarray, names: Sequence[object]) -> str:
    """Say how many pictures there are, how large, and what they are."""
    count, height, width = pictures.shape
    return f"{count} pictures of {height} × {width} pixels, {ACROSS} in a row: {listed(names)}."


def sheet(pictures: np.ndarray, names: Sequence[object]) -> Picture:
    """Draw pictures side by side, row under row; names say what each of them is.

    Raises ValueError unless there is a name for every picture.
    """
    if len(names) != len(pictures):
        raise ValueError(f"expected a name for each of {len(pictures)} pictures, got {len(names)}")
    return Picture(sheet_figure(pictures), describe_sheet(pictures, names))
