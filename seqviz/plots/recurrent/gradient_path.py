"""One term of ∂L/∂W_hh as a walk through the unrolled network: from one loss back to one use of W_hh."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import HIGHLIGHT, INK, new_figure

Point = tuple[float, float]


@dataclass(frozen=True)
class Stretch:
    """One arrow of the walk back: the names it leads from and to, and the factor it contributes."""

    tail: str
    head: str
    factor: str


def gather_stretches(time: int, t: int, k: int) -> tuple[Stretch, ...]:
    """Gather the walk from L_t to the use of W_hh at step k, one factor of the term (t, k) for each stretch.

    Raises ValueError unless 1 ≤ k ≤ t ≤ time.
    """
    if not 1 <= k <= t <= time:
        raise ValueError(f"expected 1 ≤ k ≤ t ≤ {time}, got t = {t} and k = {k}")
    through_states = [Stretch(f"h_{i}", f"h_{i - 1}", f"∂h_{i}/∂h_{i - 1}") for i in range(t, k, -1)]
    return (
        Stretch(f"L_{t}", f"h_{t}", f"∂L_{t}/∂h_{t}"),
        *through_states,
        Stretch(f"h_{k}", f"W_{k}", f"∂⁺h_{k}/∂W_hh"),
    )


def gradient_path_figure(time: int, t: int, k: int) -> go.Figure:
    """Draw the figure of `gradient_path`."""
    path = gather_stretches(time, t, k)
    places = _places(time)
    figure = new_figure(300, margin={"l": 4, "r": 4, "t": 4, "b": 4}, hovermode=False)
    figure.update_xaxes(visible=False, fixedrange=True, range=(-0.4, time + 1))
    figure.update_yaxes(visible=False, fixedrange=True, range=(-0.55, 2.5))
    _draw_arrows(figure, [(places[tail], places[head]) for tail, head in _forward_arrows(time)], INK, width=1.2, lift=0)
    walked = [(places[stretch.tail], places[stretch.head]) for stretch in path]
    # beside the grey arrows, in the opposite direction
    _draw_arrows(figure, walked, HIGHLIGHT, width=3, lift=0.1)
    on_path = {stretch.tail for stretch in path} | {stretch.head for stretch in path}
    _draw_names(figure, {name: place for name, place in places.items() if name not in on_path}, INK, bold=False)
    _draw_names(figure, {name: place for name, place in places.items() if name in on_path}, HIGHLIGHT, bold=True)
    _draw_factors(figure, [stretch.factor for stretch in path], walked)
    return figure


def describe_gradient_path(time: int, t: int, k: int) -> str:
    """Say which states the term passes and which factors it collects."""
    path = gather_stretches(time, t, k)
    stations = [path[0].tail, *(stretch.head for stretch in path[:-1])]
    factors = " · ".join(stretch.factor for stretch in path)
    return f"From {' to '.join(stations)}, and there into the use of W_hh at step {k}. The factors: {factors}."


def _places(time: int) -> dict[str, Point]:
    steps = range(1, time + 1)
    return (
        {f"h_{t}": (t, 1.0) for t in range(time + 1)}
        | {f"L_{t}": (t, 2.2) for t in steps}
        | {f"W_{t}": (t - 0.5, 0.0) for t in steps}
    )


def _forward_arrows(time: int) -> list[tuple[str, str]]:
    arrows = []
    for t in range(1, time + 1):
        arrows += [(f"h_{t - 1}", f"h_{t}"), (f"W_{t}", f"h_{t}"), (f"h_{t}", f"L_{t}")]
    return arrows


def _draw_arrows(
    figure: go.Figure, arrows: Sequence[tuple[Point, Point]], color: str, width: float, lift: float
) -> None:
    for tail, head in arrows:
        (x0, y0), (x1, y1) = _shortened(tail, head, lift)
        figure.add_annotation(
            x=x1,
            y=y1,
            ax=x0,
            ay=y0,
            axref="x",
            ayref="y",
            text="",
            arrowhead=2,
            arrowwidth=width,
            arrowcolor=color,
        )


def _shortened(tail: Point, head: Point, lift: float) -> tuple[Point, Point]:
    """Leave room for the names at both ends and move the arrow aside, to its own right, by ``lift``."""
    (x0, y0), (x1, y1) = tail, head
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    u, v = (x1 - x0) / length, (y1 - y0) / length
    gap = 0.24
    return (x0 + gap * u + lift * v, y0 + gap * v - lift * u), (x1 - gap * u + lift * v, y1 - gap * v - lift * u)


def _draw_names(figure: go.Figure, places: dict[str, Point], color: str, bold: bool) -> None:
    texts = [_name(name) for name in places]
    figure.add_scatter(
        x=[x for x, _ in places.values()],
        y=[y for _, y in places.values()],
        text=[f"<b>{text}</b>" if bold else text for text in texts],
        mode="text",
        textfont={"color": color, "size": 15},
    )


def _name(name: str) -> str:
    symbol, index = name.split("_")
    # the copy of the shared matrix at this step
    return f"W<sub>hh</sub> at {index}" if symbol == "W" else f"{symbol}<sub>{index}</sub>"


def _draw_factors(figure: go.Figure, factors: Sequence[str], arrows: Sequence[tuple[Point, Point]]) -> None:
    for factor, ((x0, y0), (x1, y1)) in zip(factors, arrows, strict=True):
        level = y0 == y1
        figure.add_annotation(
            x=(x0 + x1) / 2 + (0 if level else 0.1),
            y=(y0 + y1) / 2 + (0.22 if level else 0),
            text=_with_indices(factor),
            showarrow=False,
            xanchor="center" if level else "left",
            font={"color": HIGHLIGHT, "size": 13},
        )


def _with_indices(factor: str) -> str:
    return re.sub(r"_([a-z0-9]+)", r"<sub>\1</sub>", factor)


def gradient_path(time: int, t: int, k: int) -> Picture:
    """Draw the unrolled network in grey, time from left to right, and the walk of one term over it."""
    return Picture(gradient_path_figure(time, t, k), describe_gradient_path(time, t, k))
