"""Learning curves."""

import numpy as np
import pytest

from seqviz.plots.charts.losses import describe_losses, losses_figure, smoothed
from seqviz.plots.theme import DASHES

RANDOM = np.random.default_rng(0)
LOSSES = {"ours": RANDOM.uniform(1, 2, 7).tolist(), "torch": RANDOM.uniform(0, 1, 5).tolist()}


@pytest.mark.parametrize("window", [1, 2, 3, 7, 10])
def test_smoothed_is_the_mean_over_the_last_steps(window):
    losses = LOSSES["ours"]
    expected = [np.mean(losses[max(0, t - window + 1) : t + 1]) for t in range(len(losses))]
    np.testing.assert_allclose(smoothed(losses, window), expected, rtol=1e-12)


def test_each_curve_holds_its_numbers_and_has_a_dash_of_its_own():
    figure = losses_figure(LOSSES, window=2)
    assert [trace.name for trace in figure.data] == ["ours", "torch"]
    for trace, losses in zip(figure.data, LOSSES.values(), strict=True):
        np.testing.assert_array_equal(trace.y, smoothed(losses, 2))
    assert [trace.line.dash for trace in figure.data] == list(DASHES[:2])
    assert figure.layout.showlegend


def test_one_curve_needs_no_legend_and_the_axis_says_the_unit():
    figure = losses_figure({"ours": LOSSES["ours"]}, unit="loss (bits)")
    assert not figure.layout.showlegend
    assert figure.layout.yaxis.title.text == "loss (bits)"


def test_the_sentence_says_where_each_curve_starts_and_ends():
    assert describe_losses({"ours": [2, 1, 0.5], "torch": [3, 1]}) == (
        "ours: from 2.00 to 0.50 in 3 steps. torch: from 3.00 to 1.00 in 2 steps."
    )
    assert describe_losses({"ours": [2, 1, 0.5]}, window=2) == "ours: from 2.00 to 0.75 in 3 steps."
