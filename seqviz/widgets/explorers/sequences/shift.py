"""What a model makes of a pattern that moves."""

from collections.abc import Callable, Collection, Mapping

import numpy as np
from torch import Tensor

from seqviz.data.sequences.shifted_pattern import RAMPS, ramp_positions
from seqviz.plots.sequences import shift as plots
from seqviz.traces.sequences.records import ShiftTrace
from seqviz.traces.sequences.shift import trace_shift
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View


def shift(
    models: Mapping[str, Callable[[Tensor], Tensor]], trained: Collection[int], time: int = 32
) -> Explorer[ShiftTrace]:
    """Slide a ramp in time and watch what each model answers, in places it was trained on and in others.

    where models map x (batch, time, 1) to two scores, and trained holds the places (counted from 0) of training.
    """
    places = ramp_positions(time)

    def source(right: str, noise: float, background: str) -> ShiftTrace:
        return trace_shift(models, right, trained, time=time, noise=noise, seed=int(background))

    # it opens where the models disagree most
    answers = np.stack(list(source(RAMPS[0], 0.3, "1").probabilities.values()))
    telling = int(np.argmax(np.ptp(answers, axis=0)))

    return Explorer(
        "Shift the pattern",
        source,
        View(
            figure=plots.shift_figure,
            patch=plots.shift_patch,
            describe=plots.describe_shift,
            selections=lambda trace: len(trace.starts),
            structure=lambda trace: (trace.inputs.shape, tuple(trace.probabilities)),
            pick="xaxis",
            first=0,  # steps before the first place are drawn too
        ),
        [
            Choice("right", "Ramp", list(RAMPS), RAMPS[0]),
            Choice("background", "Noise drawn", ["1", "2", "3"], "1"),
            Range("noise", "Strength of the noise", minimum=0, maximum=1, step=0.1, value=0.3, recorded=6),
        ],
        Range(
            "place",
            "Starts at step",
            minimum=0,
            maximum=len(places) - 1,
            step=1,
            value=telling,
            browser=True,
            offset=places[0] + 1,
        ),
    )
