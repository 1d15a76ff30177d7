"""A digit that you draw: a network reads it and changes its mind."""

from collections.abc import Mapping
from typing import Any

from seqviz.data.classification.pen_digits import SIZE, SPACING, Strokes
from seqviz.models.recurrent_network import RecurrentNetwork
from seqviz.plots.classification import digit as plots
from seqviz.traces.classification.digit import Way, trace_digit
from seqviz.traces.classification.records import DigitTrace
from seqviz.widgets.computed import network_steps
from seqviz.widgets.controls import Choice, Pad, Range
from seqviz.widgets.explorer import Explorer, View


def digit(readers: Mapping[Way, RecurrentNetwork], given: Mapping[str, Strokes]) -> Explorer[DigitTrace]:
    """Draw a digit and follow, step by step, what the network believes that it is.

    where readers map a way of reading to a network trained for it, and given are drawings that can be laid on the pad:
    the first is there when it opens.
    """
    first = next(iter(readers))

    def source(strokes: Any, way: Way) -> DigitTrace:
        return trace_digit(readers[way], [[(float(x), float(y)) for x, y in stroke] for stroke in strokes], way)

    def computed() -> dict[str, Any] | None:
        """What publish/pages/assets/digit.js reads."""
        graphs = network_steps({str(way): reader for way, reader in readers.items()})
        return graphs and {
            "kind": "digit",
            "size": SIZE,
            "spacing": SPACING,
            "unread": plots.UNREAD,
            "models": graphs,
        }

    pad = Pad("strokes", "Draw a digit", given)
    last = len(source(pad.value, first).beliefs) - 1
    return Explorer(
        "A digit, step by step",
        source,
        View(
            figure=plots.digit_figure,
            patch=plots.digit_patch,
            describe=plots.describe_digit,
            selections=lambda trace: len(trace.beliefs),
            structure=lambda trace: (trace.points.tobytes(), trace.beliefs.tobytes()) if trace.picture is None else (),
            pick="xaxis2",
        ),
        [pad, Choice("way", "Read it", list(readers), first)],
        Range("step", "Step", minimum=0, maximum=last, step=1, value=last, browser=True, offset=1),
        computed,
    )
