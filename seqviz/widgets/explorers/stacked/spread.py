"""What a stack of layers lets an input reach."""

import torch

from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.recurrent_layers import RNNLayer
from seqviz.models.stacked.stack import Stacked
from seqviz.plots.stacked import spread as plots
from seqviz.traces.stacked.records import SpreadTrace
from seqviz.traces.stacked.spread import trace_spread
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, Reveal, View

ONE_WAY, BOTH_WAYS = "left to right", "both directions"
READS = ("he", "said", "teddy", "bears", "are", "on", "sale")

MOST_LAYERS = 4
FURTHEST = MOST_LAYERS + len(READS) - 1  # connections from an input to the furthest state


def spread(layers: int = 2) -> Explorer[SpreadTrace]:
    """Erase an input and let it spread (▶): which states move, in how many layers, read one way or both?

    The weights are random and fixed: the connections decide what can move at all, not the training.
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
            reveal=Reveal("wave", cells={"moved.z": plots.arrivals}),
        ),
        [
            Choice("reads", "Every layer reads", (ONE_WAY, BOTH_WAYS), ONE_WAY),
            Range("layers", "Layers", minimum=1, maximum=MOST_LAYERS, step=1, value=layers, recorded=4),
            Range("wave", "Connections away", 0, FURTHEST, 1, FURTHEST, browser=True, play="Let it spread"),
        ],
        Range(
            "erased",
            "Erase the input of step",
            minimum=0,
            maximum=len(READS) - 1,
            step=1,
            value=3,
            browser=True,
            offset=1,
        ),
    )


SIZE = 6  # of the inputs and of every direction's states


def _inputs() -> torch.Tensor:
    return torch.randn(len(READS), SIZE, generator=torch.Generator().manual_seed(1))


def _random_stack(layers: int, both: bool) -> Stacked:
    with torch.random.fork_rng():  # the notebook's own random numbers stay as they were
        torch.manual_seed(0)
        built: list[torch.nn.Module] = []
        inputs = SIZE
        for _ in range(layers):
            if both:
                built.append(Bidirectional(RNNLayer(inputs, SIZE), RNNLayer(inputs, SIZE)))
                inputs = 2 * SIZE
            else:
                built.append(RNNLayer(inputs, SIZE))
    return Stacked(built)
