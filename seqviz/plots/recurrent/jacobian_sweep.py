"""‖∂h_T/∂h_k‖ of two units against distance, beside the powers of ρ and σ."""

import math

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, new_figure, number
from seqviz.traces.recurrent.records import JacobianSweep

DECADES = (-12, 12)  # the log axis stays while the sliders move, so that they move the curve
_FAR = 30  # decades from 1 that no axis here shows; numbers are sent as float32
SERIES = (
    ("measured", CATEGORICAL[0], "solid"),
    ("largest singular value^(T−k)", CATEGORICAL[1], "dash"),
    ("spectral radius^(T−k)", CATEGORICAL[2], "dot"),
)
_CURVES = ("measured", "largest", "radius")


def on_log_axis(values: np.ndarray) -> np.ndarray:
    """Leave a gap where a log axis has no place: at zero, and far outside, where float32 ends soon."""
    values = np.asarray(values, dtype=float)
    return np.where((values > 10.0**-_FAR) & (values < 10.0**_FAR), values, np.nan)


def power(base: float, distances: np.ndarray) -> np.ndarray:
    """Powers of a bound, with a gap where they leave the axis far behind."""
    with np.errstate(over="ignore"):
        return on_log_axis(np.where((base > 0) | (distances == 0), np.power(base, distances, dtype=float), 0.0))


def log_axes(figure: go.Figure, steps: int) -> None:
    """Give a figure the axes of distance and, on a log scale, of size."""
    figure.update_xaxes(title="T − k, steps back", range=[-0.5, steps + 0.5])
    figure.update_yaxes(
        title={"text": "‖∂h_T/∂h_k‖", "standoff": 12}, type="log", range=DECADES, dtick=3, exponentformat="power"
    )


def jacobian_sweep_figure(sweep: JacobianSweep) -> go.Figure:
    """Draw the axes and three empty curves: measured, and the powers of the two numbers of W_hh."""
    steps = sweep.norms.shape[1] - 1
    figure = new_figure(360, showlegend=True, legend={"orientation": "h", "y": 1.12})
    log_axes(figure, steps)
    for index, (name, color, dash) in enumerate(SERIES):
        figure.add_scatter(
            uid=_CURVES[index],
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


def jacobian_sweep_patch(sweep: JacobianSweep, selection: int) -> Patch:
    """What follows the selected spectral radius: the three curves."""
    steps = sweep.norms.shape[1] - 1
    patch: dict[str, np.ndarray] = {"measured.y": on_log_axis(sweep.norms[selection])}
    for name, base in (("largest", sweep.largest[selection]), ("radius", sweep.radii[selection])):
        patch[f"{name}.x"], patch[f"{name}.y"] = power_line(float(base), steps)
    return patch


def describe_jacobian_sweep(sweep: JacobianSweep, selection: int) -> str:
    """Say the two numbers, and where the product is after one step, at its largest and at the end."""
    radius, largest, norms = sweep.radii[selection], sweep.largest[selection], sweep.norms[selection]
    steps = len(norms) - 1
    kind = "W_hh is normal" if math.isclose(radius, largest, abs_tol=1e-9) else "W_hh is not normal"
    peak = int(np.argmax(norms[1:])) + 1
    course = f"‖∂h_T/∂h_k‖ is {size_in_words(norms[1])} one step back and {size_in_words(norms[-1])} after {steps}"
    if 1 < peak < steps:
        course += f", at its largest, {size_in_words(norms[peak])}, after {peak}"
    return f"Spectral radius {radius:.2f}, largest singular value {largest:.2f}: {kind}. {course}."


def size_in_words(value: float) -> str:
    """Say a size in few digits."""
    if value == 0:
        return "exactly 0"
    return f"{value:.2f}" if 0.01 <= value < 1000 else number(value, ".0e")


def jacobian_sweep(sweep: JacobianSweep, selection: int) -> Picture:
    """Draw ‖∂h_T/∂h_k‖ of two units at one of the spectral radii, beside the powers of its two numbers."""
    return Picture(
        patched(jacobian_sweep_figure(sweep), jacobian_sweep_patch(sweep, selection)),
        describe_jacobian_sweep(sweep, selection),
    )
