"""What each direction knows at each step, and what a stack of layers lets an input reach."""

from collections.abc import Callable, Mapping, Sequence

import torch

from seqviz.data.vocabulary import Vocabulary
from seqviz.models import Bidirectional, RNNLayer, Stacked, Tagger
from seqviz.plots import directions as directions_plots
from seqviz.plots import spread as spread_plots
from seqviz.traces.directions import trace_directions
from seqviz.traces.records import DirectionsTrace, SpreadTrace
from seqviz.traces.spread import trace_spread
from seqviz.widgets.controls import Choice, Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import strip_of

LONGEST_LINE = 80  # characters of a typed line


def directions(
    taggers: Mapping[str, Tagger],
    vocabulary: Vocabulary,
    tags: Sequence[str],
    text: str,
    split: Callable[[str], Sequence[str]] = str.split,
    step: int = 0,
) -> Explorer[DirectionsTrace]:
    """Point at a step: what does each tagger believe there? Type another text and watch them disagree.

    where the first tag says that there is nothing, ``split`` cuts a text into what the vocabulary knows (words, or
    ``list`` for characters), and the strip above takes the colours of the last tagger.
    """

    def source(text: str) -> DirectionsTrace:
        return trace_directions(taggers, vocabulary, tags, split(text))

    return Explorer(
        "What each direction knows",
        source,
        View(
            figure=directions_plots.directions_figure,
            patch=directions_plots.directions_patch,
            describe=directions_plots.describe_directions,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.probabilities.tobytes()),
            extra=lambda trace: (
                strip_of(
                    f"What it reads, lighter where “{trace.readers[-1]}” sees something",
                    trace.tokens,
                    directions_plots.directions_levels(trace, len(trace.readers) - 1),
                )
                | {"pick": "xaxis"}
            ),
        ),
        [TextBox("text", "Type another", text, LONGEST_LINE)],
        Range("step", "Step t", 0, len(split(text)) - 1, 1, step, browser=True, offset=1),
    )


ONE_WAY, BOTH_WAYS = "left to right", "both directions"
READS = ("he", "said", "teddy", "bears", "are", "on", "sale")


def depth(layers: int = 2) -> Explorer[SpreadTrace]:
    """Erase an input: which states of which layers move? Change the number of layers and how they read.

    The weights are random and stay the same: what can move at all is decided by the arrows, not by training.
    """

    def source(reads: str, layers: float) -> SpreadTrace:
        return trace_spread(_random_stack(int(layers), reads == BOTH_WAYS), _inputs(), READS)

    return Explorer(
        "What an input reaches",
        source,
        View(
            figure=spread_plots.spread_figure,
            patch=spread_plots.spread_patch,
            describe=spread_plots.describe_spread,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: trace.rows,
            extra=lambda _trace: {"pick": "xaxis"},
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
