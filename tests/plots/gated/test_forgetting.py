"""A sequence being forgotten: curves, mark and sentence hold the trace's numbers."""

import numpy as np
import pytest

from seqviz.plots.gated.forgetting import describe_forgetting, forgetting, forgetting_figure
from seqviz.traces.gated.records import ForgettingTrace

SHARES = np.array([[0.5, 0.9, 0.4], [0.25, 1.0, 0.998]])
TRACE = ForgettingTrace(tokens=("the", "mice", ","), networks=("RNN", "GRU"), answers=("was", "were"), shares=SHARES)


def test_each_network_has_its_curve_between_the_two_answers():
    figure = forgetting_figure(TRACE)
    for curve, name, shares in zip(figure.data, TRACE.networks, SHARES, strict=False):
        assert (curve.name, list(curve.y)) == (name, list(shares))
    assert list(figure.layout.yaxis.ticktext) == ["“was”", "either", "“were”"]
    assert list(figure.layout.yaxis.tickvals) == [0, 0.5, 1]
    assert len({curve.line.dash for curve in figure.data[:2]}) == 2


@pytest.mark.parametrize("step", range(3))
def test_the_selected_word_is_marked(step):
    assert list(forgetting(TRACE, step).figure.data[-1].x) == [step + 1, step + 1]


def test_the_sentence_says_what_each_would_answer():
    assert describe_forgetting(TRACE, 1) == (
        "Word 2 of 3, “mice”. Asked now, the networks give “were” rather than “was”: RNN 90% and GRU 100%. "
        "At 50% nothing is known any more."
    )
