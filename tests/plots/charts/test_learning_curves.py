"""Mean and span of the seeds, levels as lines, and when a level is passed."""

import numpy as np
import pytest

from seqviz.plots.charts.learning_curves import learning_curves, spans

CURVES = {"one": [[5, 3, 1], [5, 5, 3]], "other": [[5, 4, 4]]}
LEVELS = {"high": 4.5, "low": 2.5}


def test_a_line_is_the_mean_and_a_band_the_span_of_the_seeds():
    np.testing.assert_array_equal(spans(CURVES)["one"], [[5, 3, 1], [5, 4, 2], [5, 5, 3]])
    figure = learning_curves(CURVES, 10, LEVELS, "bits").figure
    lines = {trace.name: trace for trace in figure.data if trace.name}
    assert list(lines["one"].x) == [0, 10, 20]
    assert list(lines["one"].y) == [5, 4, 2]
    bands = [trace for trace in figure.data if trace.fill]
    assert list(bands[0].y) == [5, 5, 3, 1, 3, 5]
    assert [trace.text[1] for trace in figure.data if trace.text] == ["high", "low"]
    assert [trace.y[0] for trace in figure.data if trace.text] == [4.5, 2.5]


def test_the_sentence_says_when_a_level_is_passed():
    assert learning_curves(CURVES, 10, LEVELS, "bits").sentence == (
        "Bits, mean of the seeds. one: below high after 10, below low after 20, 2.00 after 20 steps; "
        "other: below high after 10, 4.00 after 20 steps."
    )


def test_curves_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"expected curves of one length, got lengths \[1, 2\]"):
        learning_curves({"one": [[1, 2], [1]]}, 1, {}, "bits")
