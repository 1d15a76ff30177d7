"""The sums of all paths of some digits, frame by frame."""

from typing import cast, get_args

from jaxtyping import Float
from torch import Tensor

from seqviz.plots.hearing import lattice as plots
from seqviz.traces.hearing.lattice import trace_lattice
from seqviz.traces.hearing.records import LatticeTrace, Shown
from seqviz.widgets.controls import Choice, Range, TextBox
from seqviz.widgets.explorer import Explorer, View

LONGEST = 6  # digits that can be typed


def lattice(log_p: Float[Tensor, "frame label"], digits: str, frame: int = 0) -> Explorer[LatticeTrace]:
    """Hold digits, the dialled or others, against the frames of a sound; frame is the one to begin with, from 0."""

    def source(digits: str, shown: str) -> LatticeTrace:
        return trace_lattice(log_p, digits, cast(Shown, shown))

    return Explorer(
        "The lattice and its sums",
        source,
        View(
            figure=plots.lattice_figure,
            patch=plots.lattice_patch,
            describe=plots.describe_lattice,
            selections=lambda trace: trace.shares.shape[1],
            structure=lambda trace: (trace.labels, trace.shown),
            pick="xaxis",
        ),
        [
            TextBox("digits", "Digits", digits, LONGEST, readable="0123456789"),
            Choice("shown", "Show", get_args(Shown), "forward sums"),
        ],
        Range("frame", "Frame", 0, len(log_p) - 1, 1, frame, browser=True, offset=1, play="Go through"),
    )
