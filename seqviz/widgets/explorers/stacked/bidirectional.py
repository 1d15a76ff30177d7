"""A walk through a network of both directions."""

from collections.abc import Sequence

from torch import nn

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.stacked.tagger import Tagger
from seqviz.plots.gated.wiring import describe_wiring
from seqviz.plots.stacked import bidirectional as plots
from seqviz.plots.stacked import lattice
from seqviz.plots.stacked.lattice import Lattice
from seqviz.traces.stacked.bidirectional import trace_bidirectional
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.gated.lstm_cell import equations


def lattice_view(parts: Sequence[str]) -> View[Lattice]:
    """Return the view of a lattice: the rows are the lines of the equations, and pointing at one lights it up."""
    return View(
        figure=lattice.lattice_figure,
        patch=lattice.lattice_patch,
        describe=lambda drawn, part: describe_wiring(drawn.diagram, part),
        selections=lambda drawn: len(drawn.rows),
        structure=lambda drawn: drawn,
        pick="yaxis",
        first=0,
        strip=lambda _drawn: equations(parts),
    )


def unit_range(layers: nn.Module, unit: int) -> Range:
    """Return a slider over the units that every layer has."""
    units = min(len(W) for name, W in layers.named_parameters() if name.endswith("W_h"))
    return Range("unit", "Unit", 0, units - 1, 1, unit, offset=1, recorded=2)


def bidirectional(
    tagger: Tagger,
    vocabulary: Tokenizer,
    tags: Sequence[str],
    tokens: Sequence[str],
    unit: int = 0,
    step: int = 0,
    part: int = 3,
) -> Explorer[Lattice]:
    """Point at a line of the equations: its wires light up, with the numbers that flow through them at this step."""

    def source(step: float, unit: float) -> Lattice:
        return plots.bidirectional_lattice(trace_bidirectional(tagger, vocabulary, tags, tokens, int(unit)), int(step))

    return Explorer(
        "Inside both directions",
        source,
        lattice_view(plots.PARTS),
        [
            Range("step", "Step t", 0, len(tokens) - 1, 1, step, offset=1, recorded=len(tokens)),
            unit_range(tagger.layer, unit),
        ],
        Range("part", "Line of the equations", 0, len(plots.PARTS) - 1, 1, part, browser=True, offset=1),
    )
