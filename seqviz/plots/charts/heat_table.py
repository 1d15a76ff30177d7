"""A small table whose cells show each number as a colour too."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import SEQUENTIAL, new_figure


def cell_texts(values: np.ndarray, zero: str) -> list[list[str]]:
    """Two significant digits for each cell, or a whole number from 10 to 9,999; ``zero`` for 0, nothing for NaN."""
    return [[_cell_text(value, zero) for value in row] for row in values]


def _cell_text(value: float, zero: str) -> str:
    if np.isnan(value):
        return ""
    if value == 0:
        return zero
    whole = f"{value:.0f}"  # 100, not 1e+02
    return whole if 2 <= len(whole) <= 4 else f"{value:.2g}"


def heat_table_figure(
    values: np.ndarray, rows: Sequence[str], columns: Sequence[str], *, unit: str, zero: str = "0"
) -> go.Figure:
    """Draw the figure of `heat_table`."""
    _expect_fit(values, rows, columns)
    figure = new_figure(70 + 34 * len(rows), margin={"l": 8, "r": 8, "t": 28, "b": 8})
    figure.add_heatmap(
        z=values,
        colorscale=SEQUENTIAL,
        zmin=0,  # plotly heeds it only beside zmax
        zmax=float(np.nanmax(values, initial=0)) or 1,
        colorbar={"title": {"text": unit, "side": "right"}, "thickness": 12},
        xgap=2,
        ygap=2,
        hovertemplate="%{y}, %{x}: %{z:.3g}<extra></extra>",
    )
    texts = [text for row in cell_texts(values, zero) for text in row]
    x, y = np.meshgrid(np.arange(len(columns)), np.arange(len(rows)))
    figure.add_scatter(
        x=x.ravel(),
        y=y.ravel(),
        text=texts,
        mode="text",
        textfont={"color": _inks(values), "size": 13},
        hoverinfo="skip",
    )
    # positions with tick labels: plotly would read names that look like numbers as numbers
    figure.update_xaxes(side="top", tickvals=list(range(len(columns))), ticktext=list(columns), showgrid=False)
    figure.update_yaxes(
        autorange="reversed", tickvals=list(range(len(rows))), ticktext=list(rows), showgrid=False, zeroline=False
    )
    return figure.update_xaxes(zeroline=False)


def _inks(values: np.ndarray) -> list[str]:
    """Return an ink for each cell that stands out from its colour: white on the darker half of the scale."""
    dark = values < 0.47 * np.nanmax(values, initial=1e-300)  # there the lightness of Cividis passes 50 %
    return ["#ffffff" if is_dark else "#000000" for is_dark in dark.ravel()]


def describe_heat_table(
    values: np.ndarray, rows: Sequence[str], columns: Sequence[str], *, unit: str, zero: str = "0"
) -> str:
    """Read the table row by row, zeros last."""
    _expect_fit(values, rows, columns)
    lines = []
    for row, numbers, texts in zip(rows, values, cell_texts(values, zero), strict=True):
        said = [f"{column}: {text}" for column, number, text in zip(columns, numbers, texts, strict=True) if number > 0]
        if (numbers == 0).any():
            said.append(f"the others {zero}" if said else f"all {zero}")
        lines.append(f"“{row}” {', '.join(said)}.")
    return f"{unit[0].upper()}{unit[1:]}, row by row. {' '.join(lines)}"


def _expect_fit(values: np.ndarray, rows: Sequence[str], columns: Sequence[str]) -> None:
    if values.shape != (len(rows), len(columns)):
        raise ValueError(f"expected values of shape ({len(rows)}, {len(columns)}), got {values.shape}")
    if (values < 0).any():
        raise ValueError(f"expected values from 0 up, got {np.nanmin(values)}")


def heat_table(
    values: np.ndarray, rows: Sequence[str], columns: Sequence[str], *, unit: str, zero: str = "0"
) -> Picture:
    """Draw one coloured cell with its number for every row and column, the first row on top; NaN stays empty.

    Raises ValueError when names and values do not fit or a value is negative.
    """
    return Picture(
        heat_table_figure(values, rows, columns, unit=unit, zero=zero),
        describe_heat_table(values, rows, columns, unit=unit, zero=zero),
    )
