"""What a matrix of two units makes of the unit circle, step after step: its stretch and its eigenvectors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, listed, new_figure

_ANGLES = np.linspace(0, 2 * np.pi, 181)
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])


@dataclass(frozen=True, eq=False)
class Stretch:
    """The images of the unit circle under powers of a matrix, the direction it stretches most, its eigenvectors."""

    images: tuple[Float[np.ndarray, "points xy=2"], ...]
    largest: float
    longest_axis: Float[np.ndarray, " xy=2"]
    radius: float
    eigenvectors: tuple[Float[np.ndarray, " xy=2"], ...]


def gather_stretch(W: Float[np.ndarray, "hidden=2 hidden=2"], powers: Sequence[int]) -> Stretch:
    """Gather what is drawn of one matrix. Raises ValueError when its eigenvalues are not real."""
    eigenvalues, vectors = np.linalg.eig(W)
    if np.iscomplexobj(eigenvalues):
        raise ValueError(f"expected a matrix with real eigenvalues, got {listed(eigenvalues)}")
    left, sizes, _ = np.linalg.svd(W)
    return Stretch(
        tuple((np.linalg.matrix_power(W, power) @ _CIRCLE).T for power in powers),
        float(sizes[0]),
        sizes[0] * left[:, 0] * np.sign(left[0, 0]),
        float(np.abs(eigenvalues).max()),
        tuple(value * vector * np.sign(vector[0] or 1) for value, vector in zip(eigenvalues, vectors.T, strict=True)),
    )


def ellipses_figure(matrices: Mapping[str, Float[np.ndarray, "hidden=2 hidden=2"]], powers: Sequence[int]) -> go.Figure:
    """Draw the figure of `ellipses`."""
    stretches = {name: gather_stretch(W, powers) for name, W in matrices.items()}
    reach = 1.1 * max(1.0, *(float(np.abs(image).max()) for one in stretches.values() for image in one.images))
    figure = new_figure(
        400,
        showlegend=True,
        legend={"orientation": "h", "y": 1.32},
        grid={"rows": 1, "columns": len(stretches), "pattern": "independent"},
        margin={"l": 40, "r": 16, "t": 88, "b": 32},
        # named here, so that further axes get the shared look as well
        **{f"{side}axis{n}": {"visible": True} for side in "xy" for n in range(2, len(stretches) + 1)},
    )
    for column, (name, one) in enumerate(stretches.items(), start=1):
        number = "" if column == 1 else str(column)
        for label, points, line in _curves(one, powers):
            figure.add_scatter(
                x=points[:, 0],
                y=points[:, 1],
                name=label,
                legendgroup=label,
                showlegend=column == 1,
                mode="lines",
                line=line,
                hoverinfo="skip",
                xaxis=f"x{number}",
                yaxis=f"y{number}",
            )
        figure.add_annotation(
            text=f"{name}: ρ = {one.radius:.2f}, σ = {one.largest:.2f}",
            showarrow=False,
            x=0.5,
            y=1.08,
            xref=f"x{number} domain",
            yref=f"y{number} domain",
        )
        figure.layout[f"yaxis{number}"].update(range=(-reach, reach), scaleanchor=f"x{number}", dtick=1)
        figure.layout[f"xaxis{number}"].update(range=(-reach, reach), dtick=1)
    return figure


def _curves(stretch: Stretch, powers: Sequence[int]) -> Iterator[tuple[str, np.ndarray, dict[str, object]]]:
    """Name, points and look of every curve of one panel."""
    yield "unit circle", _CIRCLE.T, {"color": INK, "width": 1, "dash": "dot"}
    axis = np.stack([np.zeros(2), stretch.longest_axis])
    yield "σ, longest half axis", axis, {"color": CATEGORICAL[0], "dash": "dash"}
    ends = [np.stack([np.zeros(2), vector, np.full(2, np.nan)]) for vector in stretch.eigenvectors]
    yield "λv, eigenvectors", np.concatenate(ends), {"color": HIGHLIGHT, "width": 5}
    for color, power, image in zip(CATEGORICAL, powers, stretch.images, strict=False):
        yield f"after {power} step{'s' if power > 1 else ''}", image, {"color": color, "width": 2.5}


def describe_ellipses(matrices: Mapping[str, Float[np.ndarray, "hidden=2 hidden=2"]], powers: Sequence[int]) -> str:
    """Say both numbers of every matrix, and the longest half axis after each of the powers."""
    sentences = []
    for name, W in matrices.items():
        one = gather_stretch(W, powers)
        longest = [f"{np.linalg.norm(np.linalg.matrix_power(W, power), 2):.2f}" for power in powers]
        sentences.append(
            f"{name}: spectral radius {one.radius:.2f}, largest singular value {one.largest:.2f}; the longest half "
            f"axis of the circle's image is {listed(longest)} after {listed(powers)} steps."
        )
    return " ".join(sentences)


def ellipses(
    matrices: Mapping[str, Float[np.ndarray, "hidden=2 hidden=2"]], powers: Sequence[int] = (1, 2, 4)
) -> Picture:
    """Draw side by side what each matrix makes of the unit circle after so many steps."""
    return Picture(ellipses_figure(matrices, powers), describe_ellipses(matrices, powers))
