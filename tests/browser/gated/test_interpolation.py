"""Between old state and candidate, in JupyterLab: the hand sets the share, the unit and the step."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.gated.interpolation import describe_interpolation

from ..conftest import Watch
from ..page import at, control, made_by, plotted, pull, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser

TEXT = "the cats , which already ate the cake , were full"
ANSWERS = ("was", "were")
# The same cell makes the network here and in the kernel.
NETWORK = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
words = sv.data.AGREEMENT_VOCABULARY
reader = sv.models.GRU(len(words), 6, 2, "simplified")
"""


@pytest.fixture
def made() -> dict:
    return made_by(NETWORK)


def test_the_hand_sets_the_gates_between_old_and_new(page: Page, watch: Watch, made):
    explorer = show(page, NETWORK, f"sv.explore.interpolation(reader, words, {TEXT!r}, {ANSWERS!r}, step=1, unit=2)")

    def trace(step, unit):
        tokens = TEXT.split()
        return sv.traces.trace_interpolation(made["reader"], made["words"], tokens, ANSWERS, step, unit)

    def assert_shown(step, unit, share):
        expected = trace(step, unit)
        wait_for_sentence(explorer, describe_interpolation(expected, share))
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
