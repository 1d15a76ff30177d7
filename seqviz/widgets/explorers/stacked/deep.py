"""A walk through a stack of layers."""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor

from seqviz.models.stacked.stack import Stacked
from seqviz.plots.stacked import deep as plots
from seqviz.plots.stacked.lattice import Lattice
from seqviz.traces.stacked.deep import trace_deep
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer
from seqviz.widgets.explorers.stacked.bidirectional import lattice_view, unit_range


def deep(
    stack: Stacked,
    x: Float[Tensor, "time input"],
    tokens: Sequence[str],
    unit: int = 0,
    step: int = 0,
    part: int = 2,
) -> Explorer[Lattice]:
    """Point at a layer: its wires light up, with the numbers that flow through them at this step.

    where ``tokens`` says what is read at each step of ``x``.
    """
    parts = plots.deep_parts(len(stack.layers))

    def source(step: float, unit: float) -> Lattice:
        return plots.deep_lattice(trace_deep(stack, x, tokens, int(unit)), int(step))

    return Explorer(
        "Inside a stack",
        source,
        lattice_view(parts),
        [
            Range("step", "Step t", 0, len(tokens) - 1, 1, step, offset=1, recorded=len(tokens)),
            unit_range(stack, unit),
        ],
        Range("part", "Line of the equations", 0, len(parts) - 1, 1, part, browser=True, offset=1),
    )
