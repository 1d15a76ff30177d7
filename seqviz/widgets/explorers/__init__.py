"""The explorers: each names a plot, a source and its controls."""

from seqviz.widgets.explorers.clipping import clipping
from seqviz.widgets.explorers.directions import depth, directions
from seqviz.widgets.explorers.gates import clamp, gates, regimes
from seqviz.widgets.explorers.gradients import gradient_ribbon, terms
from seqviz.widgets.explorers.jacobians import jacobian_product
from seqviz.widgets.explorers.memory import interpolation, reach, remembered
from seqviz.widgets.explorers.run import run
from seqviz.widgets.explorers.sequences import shifted_pattern, task_shapes
from seqviz.widgets.explorers.truncation import chunks
from seqviz.widgets.explorers.unrolled import unrolling

__all__ = [
    "chunks",
    "clamp",
    "clipping",
    "depth",
    "directions",
    "gates",
    "gradient_ribbon",
    "interpolation",
    "jacobian_product",
    "reach",
    "regimes",
    "remembered",
    "run",
    "shifted_pattern",
    "task_shapes",
    "terms",
    "unrolling",
]
