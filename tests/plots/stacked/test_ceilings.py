"""Scores and their ceilings."""

import numpy as np
import pytest

from seqviz.plots.stacked.ceilings import Reached, ceilings_figure, describe_ceilings

ROWS = {"left to right": Reached(0.9, 0.95), "both": Reached(0.99, 1.0)}


def test_bars_end_at_the_scores_and_marks_stand_at_the_ceilings():
    figure = ceilings_figure(ROWS, unit="accuracy", start=0.8)
    bars, marks = figure.data
    np.testing.assert_allclose(np.array(bars.x) + bars.base, [0.9, 0.99])
    assert list(marks.x) == [0.95, 1.0]
    assert list(bars.y) == list(marks.y) == [0, 1]
    assert list(figure.layout.yaxis.ticktext) == list(ROWS)
    assert figure.layout.xaxis.range[0] == 0.8


def test_the_sentence_reads_the_bars():
    assert describe_ceilings(ROWS, unit="accuracy") == (
        "Accuracy: left to right 90.0% of at most 95.0%; both 99.0% of at most 100.0%."
    )


@pytest.mark.parametrize("wrong", [Reached(0.7, 0.9), Reached(0.9, 1.2)])
def test_what_does_not_fit_the_axis_is_refused(wrong):
    with pytest.raises(ValueError, match=r"x: expected score and ceiling in 0\.8 … 1"):
        ceilings_figure({"x": wrong}, unit="accuracy", start=0.8)
