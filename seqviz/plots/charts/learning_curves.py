"""Learning curves of several seeds, with named levels as horizontal lines."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, add_band, add_levels, new_figure

Curves = Mapping[str, Sequence[Sequence[float]]]


def spans(curves: Curves) -> dict[str, np.ndarray]:
    """Return the least, the mean and the greatest of the seeds, for every curve and place.

    Raises ValueError when curves differ in length.
    """
    lengths = {len(curve) for seeds in curves.values() for curve in seeds}
    if len(lengths) != 1:
        raise ValueError(f"expected curves of one length, got lengths {sorted(lengths)}")
    whole = {name: np.asarray(seeds, dtype=float) for name, seeds in curves.items()}
    return {name: np.stack([seeds.min(0), seeds.mean(0), seeds.max(0)]) for name, seeds in whole.items()}


def learning_curves_figure(curves: Curves, every: int, levels: Mapping[str, float], unit: str) -> go.Figure:
    """Draw the figure of `learning_curves`."""
    found = spans(curves)
    count = next(iter(found.values())).shape[1]
    steps = every * np.arange(count)
    heights = [
        *levels.values(),
        *(value for least, _, most in found.values() for value in (least.min(), most[1:].max())),
    ]
    low, high = min(heights) - 0.1, max(heights) + 0.1
    figure = new_figure(430, showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    figure.update_layout(margin={"r": 72})  # room for the names of the levels
    figure.update_xaxes(title="training step", range=[0, steps[-1]], zeroline=False)
    figure.update_yaxes(title=unit, range=[low, high], zeroline=False)
    add_levels(figure, levels, [0, steps[-1]])
    for number, (name, span) in enumerate(found.items()):
        _add_curve(figure, name, steps, span, number)
    return figure


def _add_curve(figure: go.Figure, name: str, steps: np.ndarray, span: np.ndarray, number: int) -> None:
    """Add the mean of the seeds as a line, and a band from the least to the greatest."""
    least, mean, most = span
    color = CATEGORICAL[number % len(CATEGORICAL)]
    add_band(figure, steps, least, most, color)
    figure.add_scatter(
        x=steps,
        y=mean,
        name=name,
        mode="lines",
        line={"color": color, "width": 2, "dash": DASHES[number % len(DASHES)]},
        hovertemplate="after %{x} updates: %{y:.2f}",
    )


def describe_learning_curves(curves: Curves, every: int, levels: Mapping[str, float], unit: str) -> str:
    """Say for each curve after how many steps the mean of its seeds is below each level, and where it ends."""
    said = []
    for name, (_, mean, _) in spans(curves).items():
        passed = [
            f"below {level} after {every * int((mean < height).argmax())}"
            for level, height in levels.items()
            if (mean < height).any()
        ]
        said.append(f"{name}: " + ", ".join([*passed, f"{mean[-1]:.2f} after {every * (len(mean) - 1)} steps"]))
    return f"{unit[0].upper()}{unit[1:]}, mean of the seeds. {'; '.join(said)}."


def learning_curves(curves: Curves, every: int, levels: Mapping[str, float], unit: str) -> Picture:
    """Draw for each name the mean of its seeds, a value every few steps from step 0 on, and their span as a band.

    where each of the levels is a horizontal line with a name. Raises ValueError when curves differ in length.
    """
    return Picture(
        learning_curves_figure(curves, every, levels, unit), describe_learning_curves(curves, every, levels, unit)
    )
