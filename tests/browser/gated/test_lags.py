"""What networks remember at every lag, in JupyterLab: every task shows its seeds."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from seqviz.plots.gated.lags import describe_lags

from ..conftest import Watch
from ..page import at, control, made_by, plotted, show, wait_for_sentence

pytestmark = pytest.mark.browser

LAGS = """
import numpy as np, seqviz as sv
accuracies = np.random.default_rng(0).uniform(0, 1, (2, 3, 4))
names = ("RNN", "GRU")
lags = [
    sv.traces.LagTrace("adding", (5, 10, 20), names, accuracies, 0.19),
    sv.traces.LagTrace("agreement", (7, 15, 30), names, 1 - accuracies, 0.5),
]
"""


def test_every_lag_of_every_task_shows_its_seeds(page: Page, watch: Watch):
    explorer = show(page, LAGS, "sv.explore.lags(lags, lag=2)")
    lags = made_by(LAGS)["lags"]

    def assert_shown(task, lag):
        trace = lags[task]
        wait_for_sentence(explorer, describe_lags(trace, lag))
        expect(explorer).to_have_attribute("data-selected", str(lag))  # said, and drawn
        for number in range(2):
            np.testing.assert_allclose(plotted(explorer, 2 + number, "y"), trace.accuracies[number, lag], atol=1e-6)

    assert_shown(0, 2)
    page.mouse.click(*at(explorer, ("xaxis", 1), "yaxis"))
    assert_shown(0, 1)
    control(explorer, "Task").select_option("agreement")
    assert_shown(1, 1)
    control(explorer, "Lag").focus()
    page.keyboard.press("Home")
    assert_shown(1, 0)
    assert watch == Watch()
