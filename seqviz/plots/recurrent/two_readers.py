"""The gradient of a state, put together from its two readers: its own loss and the next step."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, listed, new_figure, number

_PLACES = {"h": (0.0, 0.0), "loss": (0.0, 1.0), "next": (1.0, 0.0)}
_COLORS = {"loss": CATEGORICAL[0], "next": CATEGORICAL[2], "sum": HIGHLIGHT}


@dataclass(frozen=True, eq=False)
class Readers:
    """What each reader of h_t says about it, and both together: one number for each unit."""

    own: Float[np.ndarray, " hidden"]
    later: Float[np.ndarray, " hidden"]
    total: Float[np.ndarray, " hidden"]


def gather_readers(own: Float[np.ndarray, " hidden"], later: Float[np.ndarray, " hidden"]) -> Readers:
    """Add what arrives. Raises ValueError when the two do not belong to one state."""
    own, later = np.asarray(own, dtype=float), np.asarray(later, dtype=float)
    if own.shape != later.shape:
        raise ValueError(f"expected two vectors of one length, got shapes {own.shape} and {later.shape}")
    return Readers(own, later, own + later)


def two_readers_figure(readers: Readers, t: int) -> go.Figure:
    """Draw the figure of `two_readers`."""
    figure = new_figure(
        300,
        showlegend=True,
        legend={"orientation": "h", "x": 0.58, "y": 1.16},
        barmode="group",
        xaxis={"domain": [0, 0.5], "range": [-0.6, 1.35], "visible": False, "fixedrange": True},
        yaxis={"range": [-0.35, 1.25], "visible": False, "fixedrange": True},
        xaxis2={"domain": [0.6, 1], "title": "unit", "dtick": 1},
        yaxis2={"anchor": "x2", "title": f"∂L/∂h<sub>{t}</sub>"},
    )
    names = {"h": f"h<sub>{t}</sub>", "loss": f"L<sub>{t}</sub>", "next": f"h<sub>{t + 1}</sub>"}
    # a trace, since axes without one are not drawn and arrows would have no place
    figure.add_scatter(
        x=[x for x, _ in _PLACES.values()],
        y=[y for _, y in _PLACES.values()],
        text=[f"<b>{names[name]}</b>" for name in _PLACES],
        mode="text",
        textfont={"size": 17},
        hoverinfo="skip",
        showlegend=False,
    )
    _draw_way(figure, "loss", f"W<sub>hy</sub>ᵀ ∂L<sub>{t}</sub>/∂s<sub>{t}</sub>", (0.09, 0.5), "left")
    _draw_way(figure, "next", f"W<sub>hh</sub>ᵀ ∂L/∂a<sub>{t + 1}</sub>", (0.5, -0.17), "center")
    for kind, label, values in (
        ("loss", "from its own loss", readers.own),
        ("next", f"from step {t + 1}", readers.later),
        ("sum", "both together", readers.total),
    ):
        figure.add_bar(
            x=np.arange(1, len(values) + 1),
            y=values,
            name=label,
            marker={"color": _COLORS[kind], "pattern": {"shape": "/" if kind == "sum" else ""}},
            xaxis="x2",
            yaxis="y2",
            hovertemplate=f"unit %{{x:d}}, {label}: %{{y:.3f}}<extra></extra>",
        )
    return figure


def _draw_way(figure: go.Figure, reader: str, factor: str, at: tuple[float, float], anchor: str) -> None:
    """A grey arrow from the state to its reader, and beside it a coloured one back, with its factor."""
    x, y = _PLACES[reader]
    for back in (False, True):
        # from one end to the other, a little apart from the arrow of the other direction
        aside = 0.05 if back else -0.05
        near, far = (0.14 * x + aside * y, 0.14 * y + aside * -x), (0.86 * x + aside * y, 0.86 * y + aside * -x)
        (tail_x, tail_y), (head_x, head_y) = (far, near) if back else (near, far)
        figure.add_annotation(
            x=head_x,
            y=head_y,
            ax=tail_x,
            ay=tail_y,
            axref="x",
            ayref="y",
            text="",
            arrowhead=2,
            arrowwidth=3 if back else 1.2,
            arrowcolor=_COLORS[reader] if back else INK,
        )
    figure.add_annotation(
        x=at[0], y=at[1], text=factor, showarrow=False, xanchor=anchor, font={"color": _COLORS[reader], "size": 14}
    )


def describe_two_readers(readers: Readers, t: int) -> str:
    """Say what arrives from each reader and what it comes to."""
    own, later, total = (
        listed(number(value) for value in values) for values in (readers.own, readers.later, readers.total)
    )
    return (
        f"h_{t} is read twice, by its own loss and by step {t + 1}. From its loss arrives {own}, from step {t + 1} "
        f"{later}, for units 1 to {len(readers.total)}. Together: ∂L/∂h_{t} = {total}."
    )


def two_readers(own: Float[np.ndarray, " hidden"], later: Float[np.ndarray, " hidden"], t: int) -> Picture:
    """Draw ``h_t`` between its two readers, and beside it what each says about every unit, and the sum."""
    readers = gather_readers(own, later)
    return Picture(two_readers_figure(readers, t), describe_two_readers(readers, t))
