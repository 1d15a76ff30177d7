"""What a stack of layers lets an input reach."""

import torch

from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.recurrent_layers import RNNLayer
from seqviz.models.stacked.stack import Stacked
from seqviz.plots.stacked import spread as plots
from seqviz.traces.stacked.records import SpreadTrace
from seqviz.traces.stacked.spread import trace_spread
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View

ONE_WAY, BOTH_WAYS = "left to right", "both directions"
READS = ("he", "said", "teddy", "bears", "are", "on", "sale")


def spread(layers: int = 2) -> Explorer[SpreadTrace]:
    """Erase an input: which states of which layers move? Change the number of layers and how they read.

    The weights are random and stay the same: what can move at all is decided by the arrows, not by training.
    """

    def source(reads: str, layers: float) -> SpreadTrace:
        return trace_spread(_random_stack(int(layers), reads == BOTH_WAYS), _inputs(), READS)

    return Explorer(
        "What an input reaches",
        source,
        View(
            figure=plots.spread_figure,
            patch=plots.spread_patch,
            describe=plots.describe_spread,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: trace.rows,
            pick="xaxis",
        ),
        [
            Choice("reads", "Every layer reads", (ONE_WAY, BOTH_WAYS), ONE_WAY),
            Range("layers", "Layers", 1, 4, 1, layers, recorded=4),
        ],
        Range("erased", "Erase the input of step", 0, len(READS) - 1, 1, 3, browser=True, offset=1),
    )


SIZE = 6  # of the inputs and of every direction's states


def _inputs() -> torch.Tensor:
    return torch.randn(len(READS), SIZE, generator=torch.Generator().manual_seed(1))


def _random_stack(layers: int, both: bool) -> Stacked:
    with torch.random.fork_rng():  # the notebook's own random numbers stay as they were
        torch.manual_seed(0)
        built: list[torch.nn.Module] = []
        for number in range(layers):
            inputs = SIZE * (1 + both) if number else SIZE
            single = [RNNLayer(inputs, SIZE) for _ in range(1 + both)]
            built.append(Bidirectional(*single) if both else single[0])
    return Stacked(built)
