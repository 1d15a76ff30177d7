"""How far a central difference is from the derivative, for steps of every size."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, INK, new_figure, number

_SYMBOLS = ("circle", "square", "diamond")


def best_step(steps: Sequence[float], errors: Sequence[float]) -> tuple[float, float]:
    """Return the step with the smallest error, and that error."""
    error, step = min(zip(errors, steps, strict=True))
    return step, error


def difference_error_figure(steps: Sequence[float], errors: Mapping[str, Sequence[float]], chosen: float) -> go.Figure:
    """Draw the figure of `difference_error`."""
    figure = new_figure(300, showlegend=True, legend={"orientation": "h", "y": 1.15})
    for index, (name, values) in enumerate(errors.items()):
        figure.add_scatter(
            x=list(steps),
            y=[value or None for value in values],  # a log axis has no place for a lucky zero
            name=name,
            mode="lines+markers",
            line={"color": CATEGORICAL[index], "width": 2},
            marker={"symbol": _SYMBOLS[index], "size": 7},
            hovertemplate="ε = %{x:.0e}: %{y:.1e}<extra></extra>",
        )
    figure.add_vline(x=chosen, line={"dash": "dot", "width": 1.5, "color": INK})
    figure.update_xaxes(title="ε, how far the weight is moved", type="log", exponentformat="power", dtick=1)
    return figure.update_yaxes(title="relative error", type="log", exponentformat="power", dtick=2)


def describe_difference_error(steps: Sequence[float], errors: Mapping[str, Sequence[float]], chosen: float) -> str:
    """Say for each curve where it is lowest."""
    lowest = [
        f"{name}: smallest at ε = {number(step, '.0e')}, {number(error, '.0e')}"
        for name, (step, error) in ((name, best_step(steps, values)) for name, values in errors.items())
    ]
    return f"Relative error of central differences, {'; '.join(lowest)}. Chosen here: ε = {number(chosen, '.0e')}."


def difference_error(steps: Sequence[float], errors: Mapping[str, Sequence[float]], chosen: float) -> Picture:
    """Draw one curve of relative errors over the size of the step for each name, and a line at the chosen size."""
    return Picture(difference_error_figure(steps, errors, chosen), describe_difference_error(steps, errors, chosen))
