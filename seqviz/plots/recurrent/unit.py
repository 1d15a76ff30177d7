"""One unit of the state, followed through a text."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Bool, Float

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, new_figure, visible
from seqviz.traces.recurrent.records import RunTrace


@dataclass(frozen=True, eq=False)
class UnitOverText:
    """The value of one unit after each character, and which characters are the marked one."""

    tokens: tuple[str, ...]
    values: Float[np.ndarray, " time"]
    marked: Bool[np.ndarray, " time"]


def unit_over_text(trace: RunTrace, unit: int, mark: str) -> UnitOverText:
    """Gather one unit of a run. Raises ValueError for a unit the state does not have."""
    units = trace.states.shape[1]
    if not 0 <= unit < units:
        raise ValueError(f"unit: expected 0 … {units - 1}, got {unit}")
    return UnitOverText(trace.tokens, trace.states[:, unit], np.array([token == mark for token in trace.tokens]))


def unit_figure(trace: RunTrace, unit: int, mark: str = " ") -> go.Figure:
    """Draw the figure of `unit`."""
    data = unit_over_text(trace, unit, mark)
    steps = np.arange(1, len(data.tokens) + 1)
    figure = new_figure(260, barmode="overlay")
    for name, chosen, color, pattern in (
        ("other characters", ~data.marked, CATEGORICAL[0], ""),
        (f"“{visible(mark)}”", data.marked, HIGHLIGHT, "/"),
    ):
        figure.add_bar(
            x=steps[chosen],
            y=data.values[chosen],
            width=0.8,
            name=name,
            marker={"color": color, "pattern": {"shape": pattern, "fillmode": "overlay"}},
            hovertemplate="step %{x:d}: h<sub>t</sub> = %{y:.3f}<extra></extra>",
        )
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.15})
    figure.update_xaxes(
        title="the character just read",
        tickvals=steps,
        ticktext=[visible(token) for token in data.tokens],
        tickangle=0,
        showgrid=False,
        zeroline=False,
    )
    return figure.update_yaxes(title=f"unit {unit + 1} of the state")


def describe_unit(trace: RunTrace, unit: int, mark: str = " ") -> str:
    """Say how the unit's mean over the marked character differs from its mean elsewhere."""
    data = unit_over_text(trace, unit, mark)
    text = "".join(visible(token) for token in data.tokens)
    means = []
    for chosen, where in ((data.marked, f"“{visible(mark)}”"), (~data.marked, "other characters")):
        if chosen.any():
            means.append(f"{data.values[chosen].mean():.2f} after {where}")
    return f"Unit {unit + 1} while reading “{text}”: on average {', '.join(means)}."


def unit(trace: RunTrace, unit: int, mark: str = " ") -> Picture:
    """Draw one unit, counted from 0, as a bar under each character it has just read; the marked ones stand out."""
    return Picture(unit_figure(trace, unit, mark), describe_unit(trace, unit, mark))
