"""∂L/∂W_hh as the sum of its terms, up to any number of steps back."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DIVERGING, add_mark, new_figure
from seqviz.traces.recurrent.records import TermTrace


def relative_error(trace: TermTrace, reach: int) -> float:
    """How far the terms reaching ``reach`` steps back are from the whole gradient, relative to its norm."""
    whole = float(np.linalg.norm(trace.autograd))
    missing = float(np.linalg.norm(trace.reaching_back(reach) - trace.autograd))
    return missing / whole if whole else missing


CORNER = 14  # rows and columns shown: single squares are still seen, and every reach fits into a small message


def corner(matrix: np.ndarray) -> np.ndarray:
    """Return the part of a matrix that is drawn."""
    return matrix[:CORNER, :CORNER]


def terms_figure(trace: TermTrace) -> go.Figure:
    """Draw ∂L/∂W_hh so far, the whole gradient, and a curve of what is still missing, without the selection."""
    part = f" ({CORNER} × {CORNER} of it)" if len(trace.autograd) > CORNER else ""
    bound = float(np.abs(corner(trace.autograd)).max()) or 1.0
    steps, edge = len(trace.tokens), len(corner(trace.autograd)) + 0.5
    errors = [relative_error(trace, reach) for reach in range(steps)]
    drawn = [error for error in errors if error > 0] or [1.0]  # a log axis has no place for 0
    lowest, highest = min(drawn), max(drawn)
    figure = new_figure(
        340,
        grid={"rows": 1, "columns": 3, "pattern": "independent"},
        xaxis={"domain": [0, 0.27], "range": [0.5, edge], "title": f"the sum so far{part}"},
        xaxis2={"domain": [0.31, 0.58], "range": [0.5, edge], "title": "autograd's ∂L/∂W_hh"},
        xaxis3={
            "domain": [0.76, 1],
            "range": [-0.5, steps - 0.5],
            "title": "steps back",
            "dtick": max(1, steps // 4),
            "tickangle": 0,
        },
        yaxis={"range": [edge, 0.5], "title": "row of W_hh"},
        yaxis2={"range": [edge, 0.5], "showticklabels": False},
        yaxis3={
            "type": "log",
            "range": [np.log10(lowest) - 0.5, np.log10(highest) + 0.5],
            "title": {"text": "share missing", "standoff": 6},
            "exponentformat": "power",
            "dtick": 1,
        },
    )
    scale = {"x0": 1, "y0": 1, "zmin": -bound, "zmax": bound, "colorscale": DIVERGING}
    figure.add_heatmap(uid="sum", z=np.zeros_like(corner(trace.autograd)), showscale=False, **scale)
    figure.add_heatmap(z=corner(trace.autograd), colorbar={"x": 0.59, "thickness": 10}, xaxis="x2", yaxis="y2", **scale)
    # with all terms only rounding is left, which a log axis shows, or exactly 0, which it cannot
    figure.add_scatter(
        uid="missing",
        x=list(range(steps)),
        y=[error or None for error in errors],
        mode="lines+markers",
        marker={"size": 5},
        xaxis="x3",
        yaxis="y3",
        line={"color": CATEGORICAL[0]},
        hovertemplate="%{x} steps back: %{y:.1e} missing<extra></extra>",  # others are rounded to four decimals
    )
    add_mark(figure, (lowest / 3, highest * 3), xaxis="x3", yaxis="y3")
    return figure


def terms_patch(trace: TermTrace, reach: int) -> Patch:
    """What follows the selected reach: the sum so far and the mark on the curve."""
    return {"sum.z": corner(trace.reaching_back(reach)), "mark.x": [reach, reach]}


def describe_terms(trace: TermTrace, reach: int) -> str:
    """Say how many terms are in the sum and what share of the gradient is missing."""
    steps = len(trace.tokens)
    count = sum(min(t, reach) + 1 for t in range(steps))
    error = relative_error(trace, reach)
    steps_back = "1 step" if reach == 1 else f"{reach} steps"
    reached = "the immediate terms only" if reach == 0 else f"at most {steps_back} back"
    missing = "nothing is missing up to rounding" if error < 1e-5 else f"{error:.1%} of the gradient's norm is missing"
    return f"{count} of {steps * (steps + 1) // 2} terms, {reached}: {missing}."


def terms(trace: TermTrace, reach: int) -> Picture:
    """Draw the part of ∂L/∂W_hh whose terms reach at most ``reach`` steps back, beside the whole."""
    return Picture(patched(terms_figure(trace), terms_patch(trace, reach)), describe_terms(trace, reach))
