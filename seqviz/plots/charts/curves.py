"""Shares between 0 and 1, a curve for each name."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, INK, new_figure


def curves_figure(
    curves: Mapping[str, Sequence[float]], *, along: str, unit: str, level: tuple[str, float] | None = None
) -> go.Figure:
    """Draw the figure of `curves`."""
    steps = list(range(1, _length(curves) + 1))
    figure = new_figure(330, showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    figure.update_xaxes(title=along, range=[steps[0] - 0.4, steps[-1] + 0.4], tickvals=_ticks(len(steps)))
    figure.update_yaxes(title=unit, range=[-0.02, 1.04], tickformat=".0%")
    if level is not None:
        name, height = level
        thin = {"color": INK, "width": 1}
        figure.add_scatter(
            x=[steps[0] - 0.4, steps[-1] + 0.4], y=[height] * 2, mode="lines", line=thin, name=name, hoverinfo="skip"
        )
    for number, (name, curve) in enumerate(curves.items()):
        look = {"color": CATEGORICAL[number], "dash": DASHES[number % len(DASHES)], "width": 2}
        figure.add_scatter(
            x=steps,
            y=list(curve),
            mode="lines+markers",
            name=name,
            line=look,
            hovertemplate=f"{along} %{{x}}: %{{y:.0%}}",
        )
    return figure


def _ticks(count: int) -> list[int]:
    """Return the places that get a number: all of a few, else every fifth."""
    return list(range(1, count + 1)) if count <= 12 else [1, *range(5, count + 1, 5)]


def describe_curves(
    curves: Mapping[str, Sequence[float]], *, along: str, unit: str, level: tuple[str, float] | None = None
) -> str:
    """Say where each curve is at the first, the middle and the last place."""
    count = _length(curves)
    places = list(dict.fromkeys([1, (count + 1) // 2, count]))
    said = [
        f"{name} " + ", ".join(f"{curve[place - 1]:.0%} at {place}" for place in places)
        for name, curve in curves.items()
    ]
    drawn = "" if level is None else f" A line marks {level[0]}, {level[1]:.0%}."
    return f"{unit[0].upper()}{unit[1:]} by {along}: {'; '.join(said)}.{drawn}"


def _length(curves: Mapping[str, Sequence[float]]) -> int:
    lengths = {len(curve) for curve in curves.values()}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(
            f"expected curves of one length, got { ({name: len(curve) for name, curve in curves.items()}) }"
        )
    return lengths.pop()


def curves(
    curves: Mapping[str, Sequence[float]], *, along: str, unit: str, level: tuple[str, float] | None = None
) -> Picture:
    """Draw curves from 0 to 1 over the places 1, 2, 3 … ``along`` an axis, and a named ``level`` as a thin line.

    Raises ValueError when the curves differ in length or have none.
    """
    return Picture(
        curves_figure(curves, along=along, unit=unit, level=level),
        describe_curves(curves, along=along, unit=unit, level=level),
    )
