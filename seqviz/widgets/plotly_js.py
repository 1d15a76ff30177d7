"""The plotly.js that figures are drawn with: its cartesian distribution, for traces on flat axes.

The bundle inside plotly's Python package also draws globes, maps and WebGL scenes. It is three times the size, and a
browser runs it for the better part of a second before the first figure (``make bench-pages`` measures that).
"""

from importlib.resources import files
from typing import Any

BUNDLE = files("seqviz.widgets") / "front_end" / "plotly" / "plotly-cartesian.min.js"
TRACES = {
    "bar",
    "box",
    "contour",
    "heatmap",
    "histogram",
    "histogram2d",
    "histogram2dcontour",
    "image",
    "pie",
    "scatter",
    "scatterternary",
    "violin",
}


def plotly_source() -> str:
    """Return the text of the bundle."""
    return BUNDLE.read_text(encoding="utf-8")


def expect_drawable(figure: dict[str, Any]) -> None:
    """Raise ValueError where a trace of a figure, as plain dicts, is of a kind that the bundle cannot draw."""
    if others := {trace["type"] for trace in figure["data"]} - TRACES:
        raise ValueError(f"expected traces among {', '.join(sorted(TRACES))}, got {', '.join(sorted(others))}")
