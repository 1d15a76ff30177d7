"""A sequence being forgotten, in JupyterLab: read on, painted by one network or another."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import seqviz as sv

from ..conftest import Watch
from ..page import control, made_by, plotted, show

pytestmark = pytest.mark.browser

NETWORKS = """
import torch, seqviz as sv
torch.manual_seed(3); torch.set_num_threads(1)
letters = sv.data.Tokenizer.of_characters("ab,wx")
networks = {"GRU": sv.models.GRU(5, 4, 5), "LSTM": sv.models.LSTM(5, 6, 5)}
"""
EXPLORER = "sv.explore.forgetting(networks, letters, 'aab,bab', ',', ('w', 'x'), list)"


def painted(explorer: Locator) -> list[float]:
    return explorer.locator(".seqviz-strip").evaluate("(row) => Array.from(row.children, (word) => word.level)")


def test_it_is_read_on_and_painted_by_one_network_or_the_other(page: Page, watch: Watch):
    explorer = show(page, NETWORKS, EXPLORER)
    made = made_by(NETWORKS)
    trace = sv.traces.trace_forgetting(made["networks"], made["letters"], "aab,bab", ",", ("w", "x"))
    network = control(explorer, "Painted by")
    for key, row in (("Home", 0), ("End", 1)):
        network.press(key)
        expect(explorer.locator(".seqviz-caption")).to_contain_text(f"what the {trace.networks[row]} would answer")
        np.testing.assert_allclose(painted(explorer), trace.shares[row], atol=1e-6)
    step = control(explorer, "Word")
    step.press("Home")
    step.press("ArrowRight")
    expect(explorer).to_have_attribute("data-selected", "1")
    for row in range(2):
        curve = plotted(explorer, row, "y")
        np.testing.assert_allclose(curve[:2], trace.shares[row, :2], atol=1e-6)
        assert np.isnan(curve[2:]).all()
    explorer.get_by_role("button", name="Read on").click()
    expect(explorer).to_have_attribute("data-selected", "6")
    for row in range(2):
        np.testing.assert_allclose(plotted(explorer, row, "y"), trace.shares[row], atol=1e-6)
    assert watch == Watch()
