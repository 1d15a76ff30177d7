"""Bars by itself and by hand, and what becomes of the output, are the trace's."""

import numpy as np
import pytest

from seqviz.plots.translation.redirect import describe_redirect, redirect
from seqviz.traces.translation.records import RedirectTrace

TRACE = RedirectTrace(
    source=("a", "b"),
    outputs=("1", "2", "<eos>"),
    said=("1", "1", "<eos>"),
    step=1,
    share=0.75,
    own_weights=np.array([0.9, 0.1]),
    own_probabilities=np.array([0.8, 0.15, 0.05]),
    weights=np.array([[0.75, 0.25], [0.25, 0.75]]),
    probabilities=np.array([[0.7, 0.2, 0.1], [0.1, 0.85, 0.05]]),
    goes_on=(("1", "1", "<eos>"), ("1", "2", "1")),
)


@pytest.mark.parametrize("chosen", [0, 1])
def test_bars_stand_in_front_of_what_it_does_itself(chosen: int):
    bars = {trace.uid: list(trace.y) for trace in redirect(TRACE, chosen).figure.data}
    assert bars == {
        "own-weights": [0.9, 0.1],
        "weights": list(TRACE.weights[chosen]),
        "own-said": [0.8, 0.15, 0.05],
        "said": list(TRACE.probabilities[chosen]),
    }


def test_the_sentence_says_what_it_becomes():
    assert describe_redirect(TRACE, 1) == (
        "Output 2 is “1” (80%) by itself. With weight 0.75 on source 2, “b” (by itself 0.10), it becomes “2” (85%). "
        "The whole: “121” instead of “11”."
    )
    assert describe_redirect(TRACE, 0).endswith("it stays, with 70%. The whole: “11”.")
