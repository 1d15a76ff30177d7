"""Colours and layout that every figure shares, defined once.

Colours can be told apart with every common colour blindness. The front end replaces the ink by the page's own, so one
figure serves light and dark.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import get_colorscale, hex_to_rgb

# Okabe & Ito 2008, "Color universal design", without the black that a dark page would swallow
CATEGORICAL = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")
SEQUENTIAL = "Cividis"  # Nuñez et al. 2018: looks the same with and without red-green blindness
# Blue below zero, orange above, and a middle grey that shows on light and on dark pages
DIVERGING = ((0.0, "#2166ac"), (0.25, "#67a9cf"), (0.5, "#d8d8d8"), (0.75, "#ef8a62"), (1.0, "#b35806"))
# for lines, so that colour is not the only sign
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
INK = "#767676"  # readable on white and on near-black, for the still form
HIGHLIGHT = "#d55e00"


def new_figure(height: int, **layout: Any) -> go.Figure:
    """Return an empty figure in the shared look; layout takes plotly's own names."""
    figure = go.Figure()
    figure.update_layout(
        template="none",
        height=height,
        margin={"l": 56, "r": 16, "t": 32, "b": 44},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, sans-serif", "size": 13, "color": INK},
        colorway=CATEGORICAL,
        hoverlabel={"font": {"size": 13}, "namelength": -1},
        showlegend=False,
    )
    figure.update_layout(**layout)
    # after the layout, which may add axes: their default grid glares on a dark page
    axis = {
        "gridcolor": "rgba(128,128,128,0.25)",
        "zerolinecolor": "rgba(128,128,128,0.5)",
        "automargin": True,
        "ticklabelstandoff": 3,  # in a corner two zeros would touch
        # by default plotly measures every label at every redraw, to hide those outside the figure: half of its time
        "ticklabeloverflow": "allow",
    }
    return figure.update_xaxes(**axis).update_yaxes(hoverformat=".4~f", **axis)


def add_levels(figure: go.Figure, levels: Mapping[str, float], ends: Sequence[float]) -> None:
    """Add a horizontal line with its name at the right for every level, from ``ends[0]`` to ``ends[1]``."""
    for name, height in levels.items():
        figure.add_scatter(
            x=ends,
            y=[height] * 2,
            mode="lines+text",
            line={"color": INK, "width": 1},
            text=["", name],
            textposition="middle right",
            textfont={"color": INK},
            cliponaxis=False,
            showlegend=False,
            hoverinfo="skip",
        )


def add_band(figure: go.Figure, x: np.ndarray, least: np.ndarray, most: np.ndarray, color: str) -> None:
    """Add a pale band between two curves over the same places."""
    figure.add_scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([most, least[::-1]]),
        fill="toself",
        mode="none",
        fillcolor=f"rgba{(*hex_to_rgb(color), 0.2)}",
        showlegend=False,
        hoverinfo="skip",
    )


def add_mark(figure: go.Figure, y: tuple[float, float], uid: str = "mark", **look: Any) -> None:
    """Add a dotted vertical line from ``y[0]`` to ``y[1]``; its patch gives ``x`` twice.

    It is a trace, not one of plotly's shapes: a trace is redrawn alone, a shape only together with all the axes.
    """
    dotted = {"color": HIGHLIGHT, "width": 2, "dash": "dot"}
    figure.add_scatter(
        **{"uid": uid, "x": [0, 0], "y": y, "mode": "lines", "line": dotted, "hoverinfo": "skip", "showlegend": False}
        | look
    )


def add_frame(figure: go.Figure, y: tuple[float, float], uid: str = "frame", **axes: str) -> None:
    """Add a frame around columns, from ``y[0]`` to ``y[1]``; its patch gives ``x``, see `around`."""
    (low, high), line = y, {"color": HIGHLIGHT, "width": 3}
    figure.add_scatter(
        uid=uid,
        x=around(0, 0),
        y=[low, low, high, high, low],
        mode="lines",
        line=line,
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
        **axes,
    )


def around(first: int, last: int) -> list[float]:
    """Return the x of a frame around the columns ``first`` to ``last``."""
    left, right = first - 0.5, last + 0.5
    return [left, right, right, left, left]


def in_one_trace(
    lines: Iterable[Sequence[tuple[float, float]]],
) -> tuple[list[float | None], list[float | None]]:
    """Return the x and the y of many lines for a single trace: plotly leaves a gap at None."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for line in lines:
        xs += [x for x, _ in line] + [None]
        ys += [y for _, y in line] + [None]
    return xs, ys


def number(value: float, form: str = ".2f") -> str:
    """Return a number as a sentence shows it: with a minus, not a hyphen."""
    return format(value, form).replace("-", "−")


def visible(character: str) -> str:
    """Return a token as an axis label: a space and a line break need a sign of their own."""
    return {" ": "␣", "\n": "⏎"}.get(character, character)


def token_sign(token: str) -> str:
    """Return a token as an axis shows it, in one sign: a longer word would turn all labels upright on a narrow page."""
    return {"<eos>": "⏎", "<bos>": "▷"}.get(token, visible(token))


def token_name(token: str) -> str:
    """Return a token as a sentence calls it."""
    return {"<eos>": "end", "<bos>": "start"}.get(token, visible(token))


def listed(names: Iterable[object]) -> str:
    """Return names as a sentence lists them: a, b and c."""
    *first, last = map(str, names)
    return f"{', '.join(first)} and {last}" if first else last


def palette(scale: str | tuple[tuple[float, str], ...], levels: int = 65) -> list[str]:
    """Return a colour scale as ``levels`` hex colours, for drawings without plotly."""
    stops = get_colorscale(scale) if isinstance(scale, str) else scale
    places = [place for place, _ in stops]
    channels = np.array([hex_to_rgb(color) for _, color in stops]).T
    red, green, blue = (np.interp(np.linspace(0, 1, levels), places, channel) for channel in channels)
    return [f"#{round(r):02x}{round(g):02x}{round(b):02x}" for r, g, b in zip(red, green, blue, strict=True)]
