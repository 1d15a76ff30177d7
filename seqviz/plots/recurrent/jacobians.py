"""‖∂h_T/∂h_k‖ of several networks against distance, each beside the powers of its ρ and σ."""

import math
from collections.abc import Iterable, Mapping

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.recurrent.jacobian_sweep import DECADES, SERIES, log_axes, on_log_axis, power, size_in_words
from seqviz.plots.theme import new_figure
from seqviz.traces.recurrent.records import JacobianTrace


def jacobians_figure(traces: Mapping[str, JacobianTrace]) -> go.Figure:
    """Draw the figure of `jacobians`."""
    names = list(traces)
    figure = new_figure(
        360,
        showlegend=True,
        legend={"orientation": "h", "y": 1.2},
        grid={"rows": 1, "columns": len(names), "pattern": "independent"},
        margin={"l": 56, "r": 16, "t": 64, "b": 44},
        # named here, so that further axes get the shared look as well
        **{f"xaxis{number}": {"visible": True} for number in range(2, len(names) + 1)},
        **{f"yaxis{number}": {"visible": True} for number in range(2, len(names) + 1)},
    )
    log_axes(figure, max(len(trace.norms) for trace in traces.values()) - 1)
    for column, name in enumerate(names, start=1):
        trace = traces[name]
        distances = np.arange(len(trace.norms))
        number = "" if column == 1 else str(column)  # plotly calls the first axes x and y
        axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
        curves = (on_log_axis(trace.norms), power(trace.largest, distances), power(trace.radius, distances))
        for (label, color, dash), y in zip(SERIES, curves, strict=True):
            line = {"color": color, "dash": dash, "width": 3 if label == "measured" else 2}
            figure.add_scatter(
                x=distances,
                y=y,
                name=label,
                mode="lines",
                line=line,
                hovertemplate="%{x} steps back: %{y:.1e}",
                legendgroup=label,
                showlegend=column == 1,
                **axes,
            )
        figure.add_annotation(
            text=name, showarrow=False, x=0.5, y=1.1, xref=f"x{number} domain", yref=f"y{number} domain"
        )
        if column > 1:
            figure.layout[f"yaxis{number}"].title = None
    return figure.update_yaxes(range=_decades_of(traces.values()), dtick=1)


def _decades_of(traces: Iterable[JacobianTrace]) -> tuple[float, float]:
    """The decades that hold every measured curve, with one more on either side for the bounds."""
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
        sentences.append(f"{words}; after {steps} steps {size_in_words(trace.norms[-1])}.")
    return " ".join(sentences)


def jacobians(traces: Mapping[str, JacobianTrace]) -> Picture:
    """Draw ‖∂h_T/∂h_k‖ of several networks side by side, each with the powers of its two numbers."""
    return Picture(jacobians_figure(traces), describe_jacobians(traces))
