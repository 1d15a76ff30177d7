"""Curves, mark and sentence hold the trace's numbers."""

import numpy as np
import pytest

from seqviz.plots.translation.bottleneck import bottleneck, describe_bottleneck
from seqviz.traces.translation.records import BottleneckTrace

TRACE = BottleneckTrace(
    tokens=("2", "1"),
    names=("narrow", "wide"),
    right=("zwei", "ein und zwanzig"),
    said=(("zwei", "zwei und zwanzig"), ("zwei", "ein und zwanzig")),
    probabilities=np.array([[0.9, 0.2], [1.0, 0.75]]),
)


@pytest.mark.parametrize("step", [0, 1])
def test_each_translator_has_a_curve_and_the_step_a_mark(step: int):
    narrow, wide, mark = bottleneck(TRACE, step).figure.data
    assert (narrow.name, list(narrow.y), list(narrow.x)) == ("narrow", [0.9, 0.2], [1, 2])
    assert (wide.name, list(wide.y)) == ("wide", [1.0, 0.75])
    assert narrow.line.dash != wide.line.dash
    assert list(mark.x) == [step + 1, step + 1]


def test_the_sentence_says_who_is_right():
    assert describe_bottleneck(TRACE, 1) == (
        "“21” is “ein und zwanzig”. narrow says “zwei und zwanzig”; the right one has a probability of 20%. "
        "wide says so; the right one has a probability of 75%."
    )
