"""‖∂h_T/∂h_k‖ of two units against distance, beside the powers of ρ and σ."""

import math

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, new_figure, number
from seqviz.traces.recurrent.records import JacobianSweep

DECADES = (-12, 12)  # the log axis stays fixed, so that the sliders move the curve
_FAR = 30  # decades from 1 that no axis here shows; numbers are sent as float32
SERIES = (
    ("measured", CATEGORICAL[0], "solid"),
    ("largest singular value^(T−k)", CATEGORICAL[1], "dash"),
    ("spectral radius^(T−k)", CATEGORICAL[2], "dot"),
)
_CURVES = ("measured", "largest", "radius")


def on_log_axis(values: np.ndarray) -> np.ndarray:
    """Leave a gap where a log axis has no place: at zero, and far outside, near the limits of float32."""
    values = np.asarray(values, dtype=float)
    return np.where((values > 10.0**-_FAR) & (values < 10.0**_FAR), values, np.nan)


def power(base: float, distances: np.ndarray) -> np.ndarray:
    """Powers of a bound, with a gap where they are far off the axis."""
    with np.errstate(over="ignore"):
        return on_log_axis(np.power(base, distances, dtype=float))


def log_axes(figure: go.Figure, steps: int) -> None:
    """Give a figure the axes of distance and, on a log scale, of size."""
    figure.update_xaxes(title="T − k, steps back", range=[-0.5, steps + 0.5])
    figure.update_yaxes(
        title={"text": "‖∂h_T/∂h_k‖", "standoff": 12}, type="log", range=DECADES, dtick=3, exponentformat="power"
    )


ROOM = 3  # half the side of the square: larger ellipses leave the picture
_ANGLES = np.linspace(0, 2 * np.pi, 17)
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])
ON_ELLIPSE = len(_ANGLES) + 1  # points of an ellipse, and the gap after it


def decades(sweep: JacobianSweep) -> tuple[float, float]:
    """Return the ends of the log axis: no curve fills more of it in so many steps, between the radii 0.5 and 1.5."""
    steps = sweep.norms.shape[1] - 1
    return -0.3 * steps, 0.2 * steps + 1.5


def ellipses_of(sweep: JacobianSweep, selection: int) -> np.ndarray:
    """Return what the products make of the unit circle, one ellipse after the other, with a gap after each."""
    images = sweep.products[selection] @ _CIRCLE
    gaps = np.full((len(images), 2, 1), np.nan)
    return np.concatenate([images, gaps], axis=-1).transpose(1, 0, 2).reshape(2, -1)


def longest_axis(W: np.ndarray) -> np.ndarray:
    """Return the longest half axis of the circle's image under W: as long as its largest singular value."""
    left, sizes, _ = np.linalg.svd(W)
    return sizes[0] * left[:, 0] * np.sign(left[0, 0] or 1)


def jacobian_sweep_figure(sweep: JacobianSweep) -> go.Figure:
    """Draw three empty curves, measured and the powers of the two numbers of W_hh, and beside them empty ellipses."""
    steps = sweep.norms.shape[1] - 1
    figure = _layout(sweep)
    for uid, (name, color, dash) in zip(_CURVES, SERIES, strict=True):
        measured = uid == "measured"
        x = np.arange(steps + 1.0) if measured else np.array([0.0, steps])  # a power is a straight line
        figure.add_scatter(
            uid=uid,
            x=x,
            y=np.ones(len(x)),
            name=name,
            mode="lines",
            line={"color": color, "dash": dash, "width": 3 if measured else 2},
            hovertemplate="%{x} steps back: %{y:.1e}<extra>" + name + "</extra>",
        )
    marker = {"size": 12, "color": SERIES[0][1], "line": {"width": 2, "color": "white"}}
    figure.add_scatter(uid="at", x=[0.0], y=[1.0], mode="markers", marker=marker, showlegend=False, hoverinfo="skip")
    _add_ellipses(figure, sweep)
    return figure


def _layout(sweep: JacobianSweep) -> go.Figure:
    """Return an empty figure: on the left a square for ellipses, on the right the sizes against the distance."""
    figure = new_figure(
        400,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis2={"visible": True},
        yaxis2={"visible": True},
    )
    log_axes(figure, sweep.norms.shape[1] - 1)
    square = {"type": "linear", "range": [-ROOM, ROOM], "dtick": 1, "showticklabels": False, "constrain": "domain"}
    figure.update_layout(
        xaxis={"domain": [0.48, 1]},
        yaxis={"range": decades(sweep), "dtick": 2},
        xaxis2={**square, "domain": [0, 0.36], "title": "the unit circle, step by step", "anchor": "y2"},
        yaxis2={**square, "anchor": "x2", "scaleanchor": "x2", "title": {"text": None}},
    )
    return figure


def _add_ellipses(figure: go.Figure, sweep: JacobianSweep) -> None:
    """Add room for the ellipses and for the two numbers of W_hh as lines of their length, in the curves' colours."""
    there = {"mode": "lines", "showlegend": False, "hoverinfo": "skip", "xaxis": "x2", "yaxis": "y2"}
    blue = {"color": SERIES[0][1], "shape": "spline"}
    earlier = [0.0] * (sweep.products.shape[1] * ON_ELLIPSE)
    # not dotted: a browser makes every dot of an ellipse, also of those a thousand times larger than the picture
    figure.add_scatter(uid="ellipses", x=earlier, y=earlier, line=blue | {"width": 1}, **there)
    figure.add_scatter(
        uid="ellipse",
        x=earlier[:ON_ELLIPSE],
        y=earlier[:ON_ELLIPSE],
        line=blue | {"width": 3},
        fill="toself",
        fillcolor="rgba(0,114,178,0.2)",
        name="measured",
        **there,
    )
    for uid, (name, color, dash), width in (("longest", SERIES[1], 3), ("eigenvector", SERIES[2], 5)):
        line = {"color": color, "dash": dash, "width": width}
        figure.add_scatter(uid=uid, x=[0.0, 0.0], y=[0.0, 0.0], name=name, line=line, **there)


def power_line(base: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Two points of the powers of a bound, straight on a log axis: at 0, and at the last step or well off the axis."""
    if base <= 0:
        return np.array([0.0, 0.0]), np.array([1.0, np.nan])
    decades = abs(math.log10(base))
    last = steps if decades * steps <= _FAR / 2 else _FAR / 2 / decades
    return np.array([0.0, last]), np.array([1.0, base**last])


def jacobian_sweep_patch(sweep: JacobianSweep, selection: int) -> Patch:
    """What follows the selected spectral radius: the three curves, the ellipses and the two lines in them."""
    steps = sweep.norms.shape[1] - 1
    patch: dict[str, np.ndarray] = {"measured.y": on_log_axis(sweep.norms[selection])}
    for name, base in (("largest", sweep.largest[selection]), ("radius", sweep.radii[selection])):
        patch[f"{name}.x"], patch[f"{name}.y"] = power_line(float(base), steps)
    ellipses = ellipses_of(sweep, selection)
    patch["ellipses.x"], patch["ellipses.y"] = ellipses
    patch["ellipse.x"], patch["ellipse.y"] = ellipses[:, -ON_ELLIPSE:]
    for name, end in zip(("longest", "eigenvector"), half_axes(sweep, selection), strict=True):
        patch[f"{name}.x"], patch[f"{name}.y"] = np.stack([np.zeros(2), end]).T
    last = sweep.products.shape[1] - 1
    patch["at.x"], patch["at.y"] = np.array([float(last)]), on_log_axis(sweep.norms[selection, last : last + 1])
    return patch


def half_axes(sweep: JacobianSweep, selection: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the two numbers of W_hh as lines: its longest half axis, and what is left of its eigenvector."""
    diagonal = np.ones(2) / math.sqrt(2)  # the only eigenvector of two_unit_matrix
    return longest_axis(sweep.matrices[selection]), sweep.matrices[selection] @ diagonal


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
