"""How large the product of Jacobians is, against how many steps it reaches back."""

import math
from collections.abc import Iterable, Mapping

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.theme import CATEGORICAL, new_figure, number
from seqviz.traces.records import JacobianSweep, JacobianTrace

DECADES = (-12, 12)  # the log axis stays while the sliders move, so that they move the curve
_FAR = 30  # decades from 1 that no axis here shows; numbers are sent as float32
_SERIES = (
    ("measured", CATEGORICAL[0], "solid"),
    ("largest singular value^(T−k)", CATEGORICAL[1], "dash"),
    ("spectral radius^(T−k)", CATEGORICAL[2], "dot"),
)


def on_log_axis(values: np.ndarray) -> np.ndarray:
    """Leave a gap where a log axis has no place: at zero, and far outside, where float32 ends soon."""
    values = np.asarray(values, dtype=float)
    return np.where((values > 10.0**-_FAR) & (values < 10.0**_FAR), values, np.nan)


def power(base: float, distances: np.ndarray) -> np.ndarray:
    """Powers of a bound, with a gap where they leave the axis far behind."""
    with np.errstate(over="ignore"):
        return on_log_axis(np.where((base > 0) | (distances == 0), np.power(base, distances, dtype=float), 0.0))


def _axes(figure: go.Figure, steps: int) -> None:
    figure.update_xaxes(title="T − k, steps back", range=[-0.5, steps + 0.5])
    figure.update_yaxes(
        title={"text": "‖∂h_T/∂h_k‖", "standoff": 12}, type="log", range=DECADES, dtick=3, exponentformat="power"
    )


def sweep_figure(sweep: JacobianSweep) -> go.Figure:
    """Draw the axes and three empty curves: measured, and the powers of the two numbers of W_hh."""
    steps = sweep.norms.shape[1] - 1
    figure = new_figure(360, showlegend=True, legend={"orientation": "h", "y": 1.12})
    _axes(figure, steps)
    for index, (name, color, dash) in enumerate(_SERIES):
        figure.add_scatter(
            x=np.arange(steps + 1) if index == 0 else np.array([0.0, steps]),
            y=np.ones(steps + 1 if index == 0 else 2),
            name=name,
            mode="lines",
            line={"color": color, "dash": dash, "width": 3 if index == 0 else 2},
            hovertemplate="%{x} steps back: %{y:.1e}<extra>" + name + "</extra>",
        )
    return figure


def power_line(base: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Two points of the powers of a bound, straight on a log axis: at 0, and at the last step or well off the axis."""
    if base <= 0:
        return np.array([0.0, 0.0]), np.array([1.0, np.nan])
    decades = abs(math.log10(base))
    last = steps if decades * steps <= _FAR / 2 else _FAR / 2 / decades
    return np.array([0.0, last]), np.array([1.0, base**last])


def sweep_patch(sweep: JacobianSweep, selection: int) -> Patch:
    """What follows the selected spectral radius: the three curves."""
    steps = sweep.norms.shape[1] - 1
    patch: dict[str, np.ndarray] = {"data.0.y": on_log_axis(sweep.norms[selection])}
    for trace, base in ((1, sweep.largest[selection]), (2, sweep.radii[selection])):
        patch[f"data.{trace}.x"], patch[f"data.{trace}.y"] = power_line(float(base), steps)
    return patch


def plot_jacobian_sweep(sweep: JacobianSweep, selection: int) -> go.Figure:
    """Draw ‖∂h_T/∂h_k‖ of two units at one of the spectral radii, beside the powers of its two numbers."""
    return patched(sweep_figure(sweep), sweep_patch(sweep, selection))


def describe_jacobian_sweep(sweep: JacobianSweep, selection: int) -> str:
    """Say the two numbers, and where the product is after one step, at its largest and at the end."""
    radius, largest, norms = sweep.radii[selection], sweep.largest[selection], sweep.norms[selection]
    steps = len(norms) - 1
    kind = "W_hh is normal" if math.isclose(radius, largest, abs_tol=1e-9) else "W_hh is not normal"
    peak = int(np.argmax(norms[1:])) + 1
    course = f"‖∂h_T/∂h_k‖ is {_size(norms[1])} one step back and {_size(norms[-1])} after {steps}"
    if 1 < peak < steps:
        course += f", at its largest, {_size(norms[peak])}, after {peak}"
    return f"Spectral radius {radius:.2f}, largest singular value {largest:.2f}: {kind}. {course}."


def _size(value: float) -> str:
    if value == 0:
        return "exactly 0"
    return f"{value:.2f}" if 0.01 <= value < 1000 else number(value, ".0e")


def plot_jacobians(traces: Mapping[str, JacobianTrace]) -> go.Figure:
    """Draw ‖∂h_T/∂h_k‖ of several networks side by side, each with the powers of its two numbers."""
    names = list(traces)
    figure = new_figure(
        360,
        showlegend=True,
        legend={"orientation": "h", "y": 1.2},
        grid={"rows": 1, "columns": len(names), "pattern": "independent"},
        margin={"l": 56, "r": 16, "t": 64, "b": 44},
        # named here, so that further axes get the shared look as well
        **{f"{side}axis{number}": {"visible": True} for side in "xy" for number in range(2, len(names) + 1)},
    )
    _axes(figure, max(len(trace.norms) for trace in traces.values()) - 1)
    for column, name in enumerate(names, start=1):
        trace = traces[name]
        distances = np.arange(len(trace.norms))
        number = "" if column == 1 else str(column)  # plotly calls the first axes x and y
        axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
        curves = (on_log_axis(trace.norms), power(trace.largest, distances), power(trace.radius, distances))
        for (label, color, dash), y in zip(_SERIES, curves, strict=True):
            line = {"color": color, "dash": dash, "width": 3 if label == "measured" else 2}
            figure.add_scatter(
                x=distances, y=y, name=label, mode="lines", line=line, legendgroup=label, showlegend=column == 1, **axes
            )
        figure.add_annotation(
            text=name, showarrow=False, x=0.5, y=1.1, xref=f"x{number} domain", yref=f"y{number} domain"
        )
        if column > 1:
            figure.layout[f"yaxis{number}"].title = None
    return figure.update_yaxes(range=_decades_of(traces.values()), dtick=1)


def _decades_of(traces: Iterable[JacobianTrace]) -> tuple[float, float]:
    """The decades that hold every measured curve, and a little of the bounds that leave it."""
    measured = np.log10(np.concatenate([on_log_axis(trace.norms) for trace in traces]))
    low, high = np.nanmin(measured), np.nanmax(measured)
    return max(float(low) - 1, DECADES[0]), min(float(high) + 1, DECADES[1])


def describe_jacobians(traces: Mapping[str, JacobianTrace]) -> str:
    """Say for each network its two numbers, and the factor per step that was measured over the second half."""
    sentences = []
    for name, trace in traces.items():
        steps = len(trace.norms) - 1
        words = f"{name}: spectral radius {trace.radius:.2f}, largest singular value {trace.largest:.2f}"
        if (trace.norms > 0).all() and np.isfinite(trace.norms).all():
            words += f", measured factor per step {math.exp(trace.slope(steps // 2, steps)):.2f}"
        sentences.append(f"{words}; after {steps} steps {_size(trace.norms[-1])}.")
    return " ".join(sentences)
