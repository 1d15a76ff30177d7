"""A sound as a curve, and a stretch of it sample by sample."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, new_figure


def sound_figure(samples: np.ndarray, rate: int, zoom: tuple[float, float]) -> go.Figure:
    """Draw the figure of `sound`."""
    start, end = (round(second * rate) for second in zoom)
    figure = new_figure(
        340,
        grid={"rows": 2, "columns": 1, "pattern": "independent", "ygap": 0.45},
        xaxis={"title": "seconds"},
        xaxis2={"title": f"step t, {zoom[0]:g} s to {zoom[1]:g} s"},
        yaxis={"range": [-1.05, 1.05], "title": {"text": "x_t", "standoff": 8}, "tickvals": [-1, 0, 1]},
        yaxis2={"range": [-1.05, 1.05], "title": {"text": "x_t", "standoff": 8}, "tickvals": [-1, 0, 1]},
    )
    lows, highs = _envelope(samples, 400)
    seconds = np.linspace(0, len(samples) / rate, len(lows))
    band = {"mode": "lines", "line": {"color": CATEGORICAL[0], "width": 1}, "hoverinfo": "skip"}
    figure.add_scatter(x=seconds, y=lows, **band)
    figure.add_scatter(x=seconds, y=highs, fill="tonexty", **band)
    stretch = {"x0": zoom[0], "x1": zoom[1], "y0": -1, "y1": 1, "xref": "x", "yref": "y"}
    figure.add_shape(type="rect", line_width=0, fillcolor=CATEGORICAL[5], opacity=0.35, **stretch)
    figure.add_scatter(
        x=np.arange(start, end),
        y=samples[start:end],
        mode="lines+markers",
        marker={"size": 3},
        line={"color": CATEGORICAL[5], "width": 1},
        xaxis="x2",
        yaxis="y2",
    )
    return figure


def _envelope(samples: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest sample of each column of a picture: no screen has room for all."""
    parts = np.array_split(samples, min(columns, len(samples)))
    return np.array([part.min() for part in parts]), np.array([part.max() for part in parts])


def describe_sound(samples: np.ndarray, rate: int, zoom: tuple[float, float]) -> str:
    """Say how many samples there are, between which values, and which stretch is enlarged."""
    start, end = (round(second * rate) for second in zoom)
    return (
        f"A sound of {len(samples) / rate:g} s, {len(samples)} samples at {rate} a second, from "
        f"{samples.min():.2f} to {samples.max():.2f}. Enlarged: the {end - start} samples from {zoom[0]:g} s to "
        f"{zoom[1]:g} s."
    )


def sound(samples: np.ndarray, rate: int, zoom: tuple[float, float]) -> Picture:
    """Draw the whole sound over seconds and, below, the samples of one short stretch of it, from … to in seconds."""
    return Picture(sound_figure(samples, rate, zoom), describe_sound(samples, rate, zoom))
