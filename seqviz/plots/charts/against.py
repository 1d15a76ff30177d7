"""Curves over anything that is measured along with them: seconds, steps, lengths."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, add_band, add_levels, new_figure, number

Run = tuple[Sequence[float], Sequence[float]]  # places along the axis, and heights
Runs = Mapping[str, Sequence[Run]]  # for each name one run or several


def spread(runs: Runs) -> dict[str, np.ndarray]:
    """Return for each name the mean place, and the least, the mean and the greatest height, [4, point].

    Raises ValueError when runs of one name differ in length or have no point.
    """
    found = {}
    for name, of_name in runs.items():
        lengths = sorted({len(one) for run in of_name for one in run})
        if len(lengths) != 1 or lengths == [0]:
            raise ValueError(f"{name}: expected runs of one length, got lengths {lengths}")
        x, y = np.asarray(of_name, dtype=float).swapaxes(0, 1)
        found[name] = np.stack([x.mean(0), y.min(0), y.mean(0), y.max(0)])
    return found


def ticks(*values: np.ndarray) -> list[float]:
    """Return 1, 2 and 5 of every power of ten for a logarithmic axis, of more than two decades the powers alone.

    plotly would write the digits between them so small and so near that some lie on each other.
    """
    low, high = (math.log10(end) for end in (np.concatenate(values).min(), np.concatenate(values).max()))
    digits = (1, 2, 5) if high - low <= 2 else (1,)
    powers = range(math.floor(low) - 1, math.ceil(high) + 1)
    found = [digit * 10.0**power for power in powers for digit in digits]
    return [one for one in found if low - 0.3 <= math.log10(one) <= high + 0.3]


def against_figure(runs: Runs, *, along: str, unit: str, levels: Mapping[str, float], log: bool) -> go.Figure:
    """Draw the figure of `against`."""
    found = spread(runs)
    figure = new_figure(400, showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    figure.update_layout(margin={"r": 72})  # room for the names of the levels
    figure.update_xaxes(title=along, zeroline=False)
    figure.update_yaxes(title=unit, zeroline=False)
    if log:
        figure.update_xaxes(type="log", tickvals=ticks(*(curve[0] for curve in found.values())))
        heights = [curve[1:].ravel() for curve in found.values()]
        figure.update_yaxes(type="log", tickvals=ticks(*heights, np.array([*levels.values()])))
    ends = [min(curve[0].min() for curve in found.values()), max(curve[0].max() for curve in found.values())]
    add_levels(figure, levels, ends)
    for place, (name, (x, least, mean, most)) in enumerate(found.items()):
        color = CATEGORICAL[place % len(CATEGORICAL)]
        add_band(figure, x, least, most, color)
        figure.add_scatter(
            x=x,
            y=mean,
            name=name,
            mode="lines+markers",
            line={"color": color, "width": 2, "dash": DASHES[place % len(DASHES)]},
            marker={"size": 4},
        )
    return figure


def describe_against(runs: Runs, *, along: str, unit: str, levels: Mapping[str, float]) -> str:
    """Say where each curve begins and ends, and every level."""

    def at(x: np.ndarray, mean: np.ndarray, end: int) -> str:
        return f"{number(mean[end], '.3g')} at {number(x[end], '.3g')}"

    said = [f"{name} {at(x, mean, 0)} and {at(x, mean, -1)}" for name, (x, _, mean, _) in spread(runs).items()]
    lines = "".join(f" A line marks {name}, {number(height, '.3g')}." for name, height in levels.items())
    return f"{unit[0].upper()}{unit[1:]} against {along}: {'; '.join(said)}.{lines}"


def against(
    runs: Runs, *, along: str, unit: str, levels: Mapping[str, float] | None = None, log: bool = False
) -> Picture:
    """Draw for each name the mean of its runs, point by point, and their span as a band.

    where a run is (places along the axis, heights), each of the levels is a horizontal line with a name, and with
    ``log`` both axes are logarithmic. Raises ValueError when runs of one name differ in length.
    """
    levels = {} if levels is None else levels
    return Picture(
        against_figure(runs, along=along, unit=unit, levels=levels, log=log),
        describe_against(runs, along=along, unit=unit, levels=levels),
    )
