"""A small table whose cells show their number as a colour too."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import SEQUENTIAL, new_figure


def cell_texts(values: np.ndarray, zero: str) -> list[list[str]]:
    """Two significant digits for each cell; ``zero`` where it is exactly 0, nothing where it is NaN."""
    return [["" if np.isnan(value) else zero if value == 0 else f"{value:.2g}" for value in row] for row in values]


def heat_table_figure(
    values: np.ndarray, rows: Sequence[str], columns: Sequence[str], *, unit: str, zero: str = "0"
) -> go.Figure:
    """Draw the figure of `heat_table`."""
    _expect_fit(values, rows, columns)
    figure = new_figure(70 + 34 * len(rows), margin={"l": 8, "r": 8, "t": 28, "b": 8})
    figure.add_heatmap(
        z=values,
        colorscale=SEQUENTIAL,
        zmin=0,
        colorbar={"title": {"text": unit, "side": "right"}, "thickness": 12},
        xgap=2,
        ygap=2,
        hovertemplate="%{y}, %{x}: %{z:.3g}<extra></extra>",
    )
    texts, inks = zip(*_readable(values, zero), strict=True)
    x, y = np.meshgrid(np.arange(len(columns)), np.arange(len(rows)))
    figure.add_scatter(
        x=x.ravel(), y=y.ravel(), text=texts, mode="text", textfont={"color": inks, "size": 13}, hoverinfo="skip"
    )
    # positions with tick labels: names that look like numbers would be taken for numbers
    figure.update_xaxes(side="top", tickvals=list(range(len(columns))), ticktext=list(columns), showgrid=False)
    figure.update_yaxes(
        autorange="reversed", tickvals=list(range(len(rows))), ticktext=list(rows), showgrid=False, zeroline=False
    )
    return figure.update_xaxes(zeroline=False)


def _readable(values: np.ndarray, zero: str) -> list[tuple[str, str]]:
    """Return each cell's text and an ink that stands out from its colour: white on the darker half of the scale."""
    dark = values < 0.47 * np.nanmax(values, initial=1e-300)  # there the lightness of Cividis passes 50 %
    texts = [text for row in cell_texts(values, zero) for text in row]
    return [(text, "#ffffff" if is_dark else "#000000") for text, is_dark in zip(texts, dark.ravel(), strict=True)]


def describe_heat_table(
    values: np.ndarray, rows: Sequence[str], columns: Sequence[str], *, unit: str, zero: str = "0"
) -> str:
    """Read the table row by row, what is zero last."""
    _expect_fit(values, rows, columns)
    lines = []
    for row, numbers, texts in zip(rows, values, cell_texts(values, zero), strict=True):
        said = [f"{column}: {text}" for column, number, text in zip(columns, numbers, texts, strict=True) if number > 0]
        rest = [f"{'the others' if said else 'all'} {zero}"] if (numbers == 0).any() else []
        lines.append(f"“{row}” {', '.join(said + rest)}.")
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
