"""The frames of a film side by side."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import SEQUENTIAL, new_figure

_GAP = 1  # pixels between frames


def film_strip(film: np.ndarray) -> np.ndarray:
    """Return all frames in one picture, from left to right, with an empty column between them."""
    time, rows, columns = film.shape
    strip = np.full((rows, time * (columns + _GAP) - _GAP), np.nan)
    for t, frame in enumerate(film):
        left = t * (columns + _GAP)
        strip[:, left : left + columns] = frame
    return strip


def film_figure(film: np.ndarray) -> go.Figure:
    """Draw the figure of `film`."""
    time, rows, columns = film.shape
    figure = new_figure(190, margin={"l": 8, "r": 8, "t": 28, "b": 8})
    figure.add_heatmap(z=film_strip(film), colorscale=SEQUENTIAL, zmin=0, zmax=1, showscale=False, hoverinfo="skip")
    middles = [t * (columns + _GAP) + (columns - 1) / 2 for t in range(time)]
    figure.update_xaxes(
        side="top",
        tickvals=middles,
        ticktext=[f"t = {t}" for t in range(1, time + 1)],
        tickangle=0,
        showgrid=False,
        zeroline=False,
        constrain="domain",
    )
    return figure.update_yaxes(
        range=[rows - 0.5, -0.5], showticklabels=False, ticks="", showgrid=False, zeroline=False, scaleanchor="x"
    )


def describe_film(film: np.ndarray) -> str:
    """Say the size of the frames, and where the middle of what is bright lies in each."""
    time, rows, columns = film.shape
    places = []
    for frame in film:
        weight = frame.sum() or 1.0
        row, column = (frame.sum(axis) @ np.arange(1, size + 1) / weight for axis, size in ((1, rows), (0, columns)))
        places.append(f"row {row:.0f} column {column:.0f}")
    return f"{time} frames of {rows} × {columns} pixels. The middle of what is drawn: {', '.join(places)}."


def film(film: np.ndarray) -> Picture:
    """Draw the frames from left to right, each under the number of its step."""
    return Picture(film_figure(film), describe_film(film))
