"""Accuracy against lag: medians, and the seeds of one lag."""

import numpy as np
import pytest

from seqviz.plots.gated import lags
from seqviz.traces.gated.records import LagTrace


def lag_trace(seed=2):
    random = np.random.default_rng(seed)
    return LagTrace("adding", (10, 20, 40, 80), ("RNN", "GRU"), random.uniform(0, 1, (2, 4, 5)), 0.19)


@pytest.mark.parametrize("selection", range(4))
def test_every_seed_of_the_lag_stands_beside_the_medians(selection):
    trace = lag_trace()
    figure = lags.lags(trace, selection).figure
    for number in range(2):
        medians = [sorted(trace.accuracies[number, lag])[2] for lag in range(4)]
        np.testing.assert_array_equal(np.array(figure.data[number].y), medians)
        np.testing.assert_array_equal(np.array(figure.data[2 + number].y), trace.accuracies[number, selection])
        assert np.abs(np.array(figure.data[2 + number].x) - number).max() < 0.3
    assert figure.data[4].y == figure.data[5].y == (0.19, 0.19)
    assert figure.data[6].x == (selection, selection)


def test_the_sentence_says_median_and_span():
    accuracies = np.array([[[0.1, 0.3, 0.2]], [[1.0, 0.5, 0.9]]])
    trace = LagTrace("copy", (7,), ("RNN", "LSTM"), accuracies, 0.25)
    assert lags.describe_lags(trace, 0) == (
        "Copy, lag 7, median and span of 3 seeds: RNN 20% (10% to 30%), LSTM 90% (50% to 100%). "
        "Without any memory: 25%."
    )


def test_one_seed_has_no_span_and_stands_above_its_name():
    trace = LagTrace("sum", (7, 9), ("RNN", "LSTM"), np.array([[[0.1], [0.2]], [[1.0], [0.9]]]), 0.25)
    assert lags.describe_lags(trace, 1) == "Sum, lag 9, one seed: RNN 20%, LSTM 90%. Without any memory: 25%."
    assert lags.lags(trace, 1).figure.data[3].x == (1.0,)
