"""Trace → figure, and trace → a sentence that says the same. Pure functions: no torch, no widgets, no model."""

from seqviz.plots.computation_graph import (
    SEQUENCE_SHAPES,
    computation_graph,
    describe_computation_graph,
    plot_computation_graph,
)
from seqviz.plots.unit import describe_unit, plot_unit, unit_over_text

__all__ = [
    "SEQUENCE_SHAPES",
    "computation_graph",
    "describe_computation_graph",
    "describe_unit",
    "plot_computation_graph",
    "plot_unit",
    "unit_over_text",
]
