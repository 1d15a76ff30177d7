"""Bars of medians and a dot for each seed."""

import numpy as np

from seqviz.plots.charts.by_seed import by_seed_figure, describe_by_seed

RESULTS = {"tanh": [20, 10, 30, 20, 10], "relu, identity": [100, 150, 75, 100, 100]}


def test_a_bar_to_the_median_and_a_dot_for_each_seed():
    bars, *dots = by_seed_figure(RESULTS, "steps").data
    assert list(bars.y) == [0, 1]
    assert list(bars.x) == [20, 100]
    assert [list(one.x) for one in dots] == list(RESULTS.values())
    for index, one in enumerate(dots):
        assert len(set(one.y)) == 5, "seeds of the same result do not lie on each other"
        np.testing.assert_allclose(np.mean(one.y), index)


def test_the_first_network_stands_at_the_top():
    figure = by_seed_figure(RESULTS, "steps")
    assert figure.layout.yaxis.range == (1.5, -0.5)
    assert figure.layout.yaxis.type is None
    assert figure.layout.yaxis.ticktext == tuple(RESULTS)
    assert figure.layout.yaxis.tickvals == (0, 1)
    assert figure.layout.xaxis.title.text == "steps"


def test_the_sentence_says_median_and_span():
    assert describe_by_seed(RESULTS) == (
        "tanh: 20 (10 to 30 over 5 seeds). relu, identity: 100 (75 to 150 over 5 seeds)."
    )


def test_shares_are_said_to_two_decimals():
    assert describe_by_seed({"full": [2 / 3, 1 / 7, 1.0]}) == "full: 0.67 (0.14 to 1 over 3 seeds)."
