"""Explorers of memory in JupyterLab: what the page shows is what the networks say, by mouse and by keyboard."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import seqviz as sv

from .conftest import Lab, Watch, open_notebook, run_all
from .test_explorers import control, plotted, set_range, wait_for_sentence

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
    names: dict = {}
    exec(NETWORKS, names)
    return names


def show(page: Page, lab: Lab, cell: str) -> Locator:
    """Run the cell and return its explorer, drawn."""
    open_notebook(page, lab, lab.notebook("memory.ipynb", NETWORKS, cell))
    run_all(page)
    explorer = page.locator(".seqviz").last
    expect(explorer).to_be_visible()
    expect(explorer).to_have_attribute("data-selected", re.compile(r"\d+"))
    return explorer


def point(explorer: Locator, axis: str, value: float, height: str) -> dict[str, float]:
    """Where on the page a value of an axis is, in the middle of a plot."""
    return explorer.locator(".seqviz-figure").evaluate(
        """(div, [axis, value, height]) => {
          const box = div.getBoundingClientRect(), x = div._fullLayout[axis], y = div._fullLayout[height];
          return { x: box.left + x._offset + x.c2p(value), y: box.top + y._offset + y._length / 2 };
        }""",
        [axis, value, height],
    )


def test_the_hand_sets_the_gates_between_old_and_new(page, lab, watch, made):
    explorer = show(page, lab, f"sv.explore.interpolation(reader, words, {TEXT!r}, {ANSWERS!r}, step=1, unit=2)")
    explorer.scroll_into_view_if_needed()

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
    slider = control(explorer, "Share z")
    slider.focus()
    page.keyboard.press("Home")
    assert_shown(1, 2, 0)
    page.keyboard.press("ArrowRight")
    assert_shown(1, 2, 1)

    # pointing along the line between candidate and old state
    place = point(explorer, "xaxis", 15, "yaxis")
    page.mouse.click(place["x"], place["y"])
    assert_shown(1, 2, 15)

    set_range(control(explorer, "Unit"), 5)
    assert_shown(1, 5, 15)

    # dragging over the words takes another step, in the upper plot and in the lower
    for axis, height, words, step in (("xaxis3", "yaxis2", (3, 7), 7), ("xaxis2", "yaxis3", (7, 4), 4)):
        start, end = (point(explorer, axis, word, height) for word in words)
        page.mouse.move(start["x"], start["y"])
        page.mouse.down()
        page.mouse.move(end["x"], end["y"], steps=4)
        page.mouse.up()
        assert_shown(step, 5, 15)
    assert watch == Watch()


def test_the_gradients_of_three_networks_follow_the_word_pointed_at(page, lab, watch, made):
    explorer = show(page, lab, f"sv.explore.reach(networks, words, {TEXT!r}, step=8)")
    explorer.scroll_into_view_if_needed()

    def assert_shown(text, t):
        trace = sv.traces.trace_reach(made["networks"], made["words"], text.split())
        wait_for_sentence(explorer, sv.plots.describe_reach(trace, t))
        for number in range(3):
            np.testing.assert_allclose(plotted(explorer, number, "y"), trace.relative[number, t], rtol=1e-4)

    assert_shown(TEXT, 8)
    place = point(explorer, "xaxis", 5, "yaxis")
    page.mouse.click(place["x"], place["y"])
    assert_shown(TEXT, 5)
    # the rows of colours can be pointed at too
    place = point(explorer, "xaxis", 3, "yaxis2")
    page.mouse.click(place["x"], place["y"])
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
    open_notebook(page, lab, lab.notebook("lags.ipynb", LAGS, "sv.explore.remembered(lags, lag=2)"))
    run_all(page)
    explorer = page.locator(".seqviz").last
    names: dict = {}
    exec(LAGS, names)

    def assert_shown(task, lag):
        trace = names["lags"][task]
        wait_for_sentence(explorer, sv.plots.describe_lags(trace, lag))
        expect(explorer).to_have_attribute("data-selected", str(lag))  # said, and drawn
        for number in range(2):
            np.testing.assert_allclose(plotted(explorer, 2 + number, "y"), trace.accuracies[number, lag], atol=1e-6)

    assert_shown(0, 2)
    explorer.scroll_into_view_if_needed()
    place = point(explorer, "xaxis", 1, "yaxis")
    page.mouse.click(place["x"], place["y"])
    assert_shown(0, 1)
    control(explorer, "Task").select_option("agreement")
    assert_shown(1, 1)
    control(explorer, "Lag").focus()
    page.keyboard.press("Home")
    assert_shown(1, 0)
    assert watch == Watch()
