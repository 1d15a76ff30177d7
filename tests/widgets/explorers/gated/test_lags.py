"""Every seed of the chosen task is shown."""

import numpy as np
import pytest

from seqviz.plots import lags
from seqviz.traces import LagTrace
from seqviz.widgets import explore
from tests.widgets.asked import answer, assert_still, opened
from tests.widgets.wire import size_in_bytes

FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}


def lag_trace(task, seeds=3, lags=(7, 15, 30)):
    accuracies = np.random.default_rng(seeds).uniform(0, 1, (2, len(lags), seeds))
    return LagTrace(task, lags, ("RNN", "GRU"), accuracies, 0.5)


def test_remembered_shows_every_seed_of_the_chosen_task(wire):
    traces = [lag_trace("adding"), lag_trace("copy", lags=(5, 10, 20))]
    explorer = explore.lags(traces, lag=1)
    for state, trace in [(opened(wire, explorer), traces[0]), (answer(wire, explorer, task="copy"), traces[1])]:
        for number in range(2):
            seeds = state["content"]["patches"][f"data.{2 + number}.y"]
            np.testing.assert_allclose(seeds, trace.accuracies[number], **FLOAT32)
        assert state["content"]["selections"] == 3
    assert_still(explore.lags(traces, lag=2), lags(traces[0], 2).figure)
    assert size_in_bytes(explorer) <= 50_000


def test_remembered_needs_tasks_of_as_many_lags():
    with pytest.raises(ValueError, match="expected one task or more"):
        explore.lags([])
    with pytest.raises(ValueError, match="'copy': 2"):
        explore.lags([lag_trace("adding"), lag_trace("copy", lags=(5, 10))])
