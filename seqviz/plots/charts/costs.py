"""Time and memory of several ways to compute the same result, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, INK, new_figure


@dataclass(frozen=True)
class Cost:
    """The cost of one way: the times of its runs, the bytes kept for the backward pass, and the peak of bytes alive."""

    seconds: Sequence[float]
    kept: int
    peak: int


@dataclass(frozen=True)
class CostRow:
    """One line of the table."""

    name: str
    milliseconds: float  # the median
    quartiles: tuple[float, float]  # in milliseconds
    ratio: float  # the median of the ratios to the reference, run by run
    kept_megabytes: float
    peak_megabytes: float


def cost_rows(costs: Mapping[str, Cost], reference: str) -> list[CostRow]:
    """Gather the table. Raises ValueError when the reference is missing or runs do not pair up."""
    if reference not in costs:
        raise ValueError(f"reference: expected one of {list(costs)}, got {reference!r}")
    lengths = {name: len(cost.seconds) for name, cost in costs.items()}
    if len(set(lengths.values())) > 1 or min(lengths.values()) < 2:
        raise ValueError(f"expected two or more runs, the same number for each, got {lengths}")
    rows = []
    for name, cost in costs.items():
        low, _, high = quantiles(cost.seconds, n=4, method="inclusive")
        pairs = zip(cost.seconds, costs[reference].seconds, strict=True)
        rows.append(
            CostRow(
                name=name,
                milliseconds=1e3 * median(cost.seconds),
                quartiles=(1e3 * low, 1e3 * high),
                ratio=median(ours / theirs for ours, theirs in pairs),
                kept_megabytes=cost.kept / 1e6,
                peak_megabytes=cost.peak / 1e6,
            )
        )
    return rows


def costs_figure(costs: Mapping[str, Cost], reference: str) -> go.Figure:
    """Draw the figure of `costs`."""
    rows = cost_rows(costs, reference)
    names = [row.name for row in rows]
    figure = new_figure(
        110 + 46 * len(rows),
        xaxis={"domain": [0, 0.46], "title": "milliseconds", "rangemode": "tozero"},
        xaxis2={"domain": [0.54, 1], "title": "megabytes", "rangemode": "tozero", "anchor": "y2"},
        yaxis={"autorange": "reversed"},
        yaxis2={"autorange": "reversed", "showticklabels": False, "anchor": "x2", "matches": "y"},
        barmode="group",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
    )
    figure.add_bar(
        x=[row.milliseconds for row in rows],
        y=names,
        orientation="h",
        name="time",
        showlegend=False,  # its axis says it
        marker={"color": CATEGORICAL[0]},
        customdata=[row.quartiles for row in rows],
        hovertemplate="%{x:.1f} ms, half of the runs from %{customdata[0]:.1f} to %{customdata[1]:.1f}",
        error_x={
            "array": [row.quartiles[1] - row.milliseconds for row in rows],
            "arrayminus": [row.milliseconds - row.quartiles[0] for row in rows],
            "thickness": 1.5,
            "color": INK,
        },
    )
    for name, values, color, pattern in (
        ("kept", [row.kept_megabytes for row in rows], CATEGORICAL[1], ""),
        ("alive at most", [row.peak_megabytes for row in rows], CATEGORICAL[2], "/"),
    ):
        figure.add_bar(
            x=values,
            y=names,
            orientation="h",
            name=name,
            xaxis="x2",
            yaxis="y2",
            marker={"color": color, "pattern": {"shape": pattern, "fillmode": "overlay"}},
            hovertemplate="%{x:.2f} MB",
        )
    return figure


def describe_costs(costs: Mapping[str, Cost], reference: str) -> str:
    """Say every number of the picture."""
    return " ".join(
        f"{row.name}: {row.milliseconds:.1f} ms, {row.ratio:.2f} times {reference}; "
        f"{row.kept_megabytes:.2f} MB kept, {row.peak_megabytes:.2f} MB alive at most."
        for row in cost_rows(costs, reference)
    )


def costs(costs: Mapping[str, Cost], reference: str) -> Picture:
    """Draw bars: median time with a line over the middle half of the runs, and memory kept and at its peak."""
    return Picture(costs_figure(costs, reference), describe_costs(costs, reference))
