"""Mean and span of several runs, each point at the mean of its places; levels as lines."""

import numpy as np
import pytest

from seqviz.plots.charts.against import against, spread, ticks

RUNS = {"one": [([0, 1, 3], [5, 3, 1]), ([0, 2, 5], [5, 4, 3])], "other": [([0, 6], [4, 2.5])]}
LEVELS = {"a count": 2.0}


def test_a_point_stands_at_the_mean_of_its_places_with_least_mean_and_greatest():
    found = spread(RUNS)
    np.testing.assert_array_equal(found["one"], [[0, 1.5, 4], [5, 3, 1], [5, 3.5, 2], [5, 4, 3]])
    np.testing.assert_array_equal(found["other"], [[0, 6], [4, 2.5], [4, 2.5], [4, 2.5]])


def test_lines_bands_and_levels():
    figure = against(RUNS, along="seconds", unit="bits", levels=LEVELS).figure
    lines = {trace.name: trace for trace in figure.data if trace.name}
    assert list(lines) == ["one", "other"]
    assert list(lines["one"].x) == [0, 1.5, 4]
    assert list(lines["one"].y) == [5, 3.5, 2]
    bands = [trace for trace in figure.data if trace.fill]
    assert list(bands[0].x) == [0, 1.5, 4, 4, 1.5, 0]
    assert list(bands[0].y) == [5, 4, 3, 1, 3, 5]
    (level,) = [trace for trace in figure.data if trace.text]
    assert (list(level.x), list(level.y), level.text[1]) == ([0, 6], [2, 2], "a count")
    assert {figure.layout.xaxis.type, figure.layout.yaxis.type}.isdisjoint({"log"})


def test_logarithmic_axes_are_marked_at_1_2_and_5_or_at_powers_of_ten():
    runs = {"one": [([16, 512], [0.9, 24])]}
    layout = against(runs, along="letters", unit="milliseconds", levels={"far": 70.0}, log=True).figure.layout
    assert layout.xaxis.type == layout.yaxis.type == "log"
    assert layout.xaxis.tickvals == pytest.approx((10, 20, 50, 100, 200, 500, 1000))
    assert layout.yaxis.tickvals == pytest.approx((0.5, 1, 2, 5, 10, 20, 50, 100))
    np.testing.assert_allclose(ticks(np.array([3.0, 4000.0])), [10, 100, 1000])


def test_the_sentence_says_both_ends_and_the_levels():
    assert against(RUNS, along="seconds", unit="bits", levels=LEVELS).sentence == (
        "Bits against seconds: one 5 at 0 and 2 at 4; other 4 at 0 and 2.5 at 6. A line marks a count, 2."
    )


def test_runs_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"one: expected runs of one length, got lengths \[2, 3\]"):
        spread({"one": [([0, 1], [2, 2]), ([0, 1, 2], [2, 2, 2])]})
    with pytest.raises(ValueError, match=r"one: expected runs of one length, got lengths \[1, 2\]"):
        spread({"one": [([0, 1], [2])]})
