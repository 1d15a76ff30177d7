"""What two units bring to a candidate with the reset before the matrix, with the reset after it, and the gap."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqviz.plots.picture import Picture
from seqviz.plots.theme import DIVERGING, new_figure, number

Surface = Float[np.ndarray, "state_1 state_2"]


def reset_surfaces_figure(axis: Float[np.ndarray, " state"], before: Surface, after: Surface) -> go.Figure:
    """Draw the figure of `reset_surfaces`."""
    titles = ("a: reset before", "ã: reset after", "ã − a")
    domains = ([0, 0.28], [0.36, 0.64], [0.72, 1])
    axes = {}
    for place, (title, domain) in enumerate(zip(titles, domains, strict=True)):
        suffix = str(place + 1) if place else ""
        axes[f"xaxis{suffix}"] = {"domain": domain, "side": "top", "anchor": f"y{suffix}", "title": {"text": title}}
        axes[f"yaxis{suffix}"] = {"anchor": f"x{suffix}", "showticklabels": place == 0}
    axes["yaxis"]["title"] = {"text": "h<sub>2</sub> (up), h<sub>1</sub> (right)", "standoff": 4}
    figure = new_figure(320, margin={"l": 52, "r": 8, "t": 64, "b": 16}, **axes)
    bound = float(np.abs(before).max())
    largest = float(np.abs(after - before).max())
    for place, (values, limit) in enumerate(((before, bound), (after, bound), (after - before, largest))):
        suffix = str(place + 1) if place else ""
        figure.add_heatmap(
            x=axis,
            y=axis,
            z=values.T,  # h_1 to the right
            zmin=-limit,
            zmax=limit,
            colorscale=[list(stop) for stop in DIVERGING],
            showscale=False,
            xaxis=f"x{suffix}",
            yaxis=f"y{suffix}",
            hovertemplate="h<sub>1</sub> = %{x:.1f}, h<sub>2</sub> = %{y:.1f}: %{z:.2f}<extra></extra>",
        )
    return figure


def describe_reset_surfaces(axis: Float[np.ndarray, " state"], before: Surface, after: Surface) -> str:
    """Say where the two are furthest apart."""
    gap = after - before
    one, other = (int(place) for place in np.unravel_index(np.abs(gap).argmax(), gap.shape))
    where = f"h_1 = {number(float(axis[one]), '.1f')} and h_2 = {number(float(axis[other]), '.1f')}"
    return (
        f"Orange above zero, blue below. The two are furthest apart at {where}: {number(float(before[one, other]))} "
        f"with the reset before the matrix, {number(float(after[one, other]))} with the reset after it."
    )


def reset_surfaces(axis: Float[np.ndarray, " state"], before: Surface, after: Surface) -> Picture:
    """Draw three maps over two states, h_1 to the right and h_2 up: both functions and their difference."""
    figure = reset_surfaces_figure(axis, before, after)
    return Picture(figure, describe_reset_surfaces(axis, before, after))
