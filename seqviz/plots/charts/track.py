"""A probability that follows a sequence, for several readers, above what is true."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, new_figure


def track_figure(
    curves: Mapping[str, np.ndarray], truth: np.ndarray, tokens: Sequence[str], *, unit: str, true_name: str
) -> go.Figure:
    """Draw the figure of `track`."""
    _expect_fit(curves, truth, tokens)
    steps = np.arange(1, len(tokens) + 1)
    figure = new_figure(340, showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    figure.update_xaxes(title="step", range=[0.5, len(tokens) + 0.5], showgrid=False)
    figure.update_yaxes(title=unit, range=[-0.02, 1.04], tickformat=".0%")
    figure.add_scatter(
        x=steps,
        y=truth.astype(float),
        mode="lines",
        line={"width": 0, "shape": "hvh"},
        fill="tozeroy",
        fillcolor="rgba(128,128,128,0.25)",
        name=true_name,
        hoverinfo="skip",
    )
    for number, (name, curve) in enumerate(curves.items()):
        figure.add_scatter(
            x=steps,
            y=curve,
            mode="lines",
            name=name,
            line={"color": CATEGORICAL[number], "dash": ("solid", "dash", "dot", "dashdot")[number % 4], "width": 2},
            text=list(tokens),
            hovertemplate="step %{x}, %{text}: %{y:.0%}",
        )
    return figure


def describe_track(
    curves: Mapping[str, np.ndarray], truth: np.ndarray, tokens: Sequence[str], *, unit: str, true_name: str
) -> str:
    """Say where the truth is, and each reader's mean inside and outside of it."""
    _expect_fit(curves, truth, tokens)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], truth.astype(int), [0]])))
    spans = [
        f"{first + 1} to {last}" if last > first + 1 else f"{last}"
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]
    said = []
    for name, curve in curves.items():
        parts = [(part, curve[where].mean()) for part, where in (("inside", truth), ("outside", ~truth)) if where.any()]
        said.append(f"{name} {', '.join(f'{mean:.0%} {part}' for part, mean in parts)}")
    place = f"at steps {' and '.join(spans)}" if spans else "nowhere"
    return f"{true_name[0].upper()}{true_name[1:]} {place}. Mean {unit}: {'; '.join(said)}."


def _expect_fit(curves: Mapping[str, np.ndarray], truth: np.ndarray, tokens: Sequence[str]) -> None:
    sizes = {"truth": len(truth), **{name: len(curve) for name, curve in curves.items()}}
    wrong = {name: size for name, size in sizes.items() if size != len(tokens)}
    if wrong:
        raise ValueError(f"expected {len(tokens)} values, one per token, got {wrong}")


def track(
    curves: Mapping[str, np.ndarray], truth: np.ndarray, tokens: Sequence[str], *, unit: str, true_name: str
) -> Picture:
    """Draw a curve for each reader, from 0 to 1, and a band where ``truth`` is.

    Raises ValueError when a curve, the truth and the tokens differ in length.
    """
    return Picture(
        track_figure(curves, truth, tokens, unit=unit, true_name=true_name),
        describe_track(curves, truth, tokens, unit=unit, true_name=true_name),
    )
