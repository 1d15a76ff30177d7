"""Explorers of memory in JupyterLab: what the page shows is what the networks say, by mouse and by keyboard."""

import numpy as np
import pytest
from playwright.sync_api import expect

import seqviz as sv

from .conftest import Watch
from .page import at, control, made_by, plotted, pull, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser

TEXT = "the cats , which already ate the cake , were full"
ANSWERS = ("was", "were")
# The same cell makes the networks here and in the kernel.
NETWORKS = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
words = sv.data.AGREEMENT_VOCABULARY
reader = sv.models.GRU(len(words), 6, 2, "simplified")
kinds = {"RNN": sv.models.RNN, "GRU": sv.models.GRU, "LSTM": sv.models.LSTM}
networks = {name: kind(len(words), 8, len(words)) for name, kind in kinds.items()}
"""


@pytest.fixture
def made() -> dict:
    return made_by(NETWORKS)


def test_the_hand_sets_the_gates_between_old_and_new(page, lab, watch, made):
    explorer = show(
        page, lab, NETWORKS, f"sv.explore.interpolation(reader, words, {TEXT!r}, {ANSWERS!r}, step=1, unit=2)"
    )

    def trace(step, unit):
        tokens = TEXT.split()
        return sv.traces.trace_interpolation(made["reader"], made["words"], tokens, ANSWERS, step, unit)

    def assert_shown(step, unit, share):
        expected = trace(step, unit)
        wait_for_sentence(explorer, sv.plots.describe_interpolation(expected, share))
        np.testing.assert_allclose(plotted(explorer, 4, "y"), expected.set_states[share], atol=1e-6)
        np.testing.assert_allclose(plotted(explorer, 6, "y"), expected.set_probabilities[share], atol=1e-6)
        np.testing.assert_allclose(plotted(explorer, 2, "y"), expected.set_states[share, step], atol=1e-6)

    assert_shown(1, 2, 20)
    slider = control(explorer, "Share z_t")
    slider.focus()
    page.keyboard.press("Home")
    assert_shown(1, 2, 0)
    page.keyboard.press("ArrowRight")
    assert_shown(1, 2, 1)

    # pointing along the line between candidate and old state
    page.mouse.click(*at(explorer, ("xaxis", 15), "yaxis"))
    assert_shown(1, 2, 15)

    set_range(control(explorer, "Unit"), 5)
    assert_shown(1, 5, 15)

    # dragging over the words takes another step, in the upper plot and in the lower
    for axis, height, words, step in (("xaxis3", "yaxis2", (3, 7), 7), ("xaxis2", "yaxis3", (7, 4), 4)):
        pull(page, *(at(explorer, (axis, word), height) for word in words))
        assert_shown(step, 5, 15)
    assert watch == Watch()


def test_the_gradients_of_three_networks_follow_the_word_pointed_at(page, lab, watch, made):
    explorer = show(page, lab, NETWORKS, f"sv.explore.reach(networks, words, {TEXT!r}, step=8)")

    def assert_shown(text, t):
        trace = sv.traces.trace_reach(made["networks"], made["words"], text.split())
        wait_for_sentence(explorer, sv.plots.describe_reach(trace, t))
        for number in range(3):
            np.testing.assert_allclose(plotted(explorer, number, "y"), trace.relative[number, t], rtol=1e-4)

    assert_shown(TEXT, 8)
    page.mouse.click(*at(explorer, ("xaxis", 5), "yaxis"))
    assert_shown(TEXT, 5)
    # the rows of colours can be pointed at too
    page.mouse.click(*at(explorer, ("xaxis", 3), "yaxis2"))
    assert_shown(TEXT, 3)
    control(explorer, "Loss at step").focus()
    page.keyboard.press("End")
    assert_shown(TEXT, 9)

    box = control(explorer, "Type another")
    box.fill("the dog ate")
    expect(explorer.get_by_role("alert")).to_have_text("")
    assert_shown("the dog ate", 1)
    box.fill("the fox ate")
    expect(explorer.get_by_role("alert")).to_contain_text("'fox'")
    assert watch == Watch()


LAGS = """
import numpy as np, seqviz as sv
accuracies = np.random.default_rng(0).uniform(0, 1, (2, 3, 4))
names = ("RNN", "GRU")
lags = [
    sv.traces.LagTrace("adding", (5, 10, 20), names, accuracies, 0.19),
    sv.traces.LagTrace("agreement", (7, 15, 30), names, 1 - accuracies, 0.5),
]
"""


def test_every_lag_of_every_task_shows_its_seeds(page, lab, watch):
    explorer = show(page, lab, LAGS, "sv.explore.remembered(lags, lag=2)")
    lags = made_by(LAGS)["lags"]

    def assert_shown(task, lag):
        trace = lags[task]
        wait_for_sentence(explorer, sv.plots.describe_lags(trace, lag))
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
