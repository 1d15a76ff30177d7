"""A gate held by hand in JupyterLab: what the page shows is what the LSTM does."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.gated.clamp import describe_clamp, left_levels

from ..conftest import Watch
from ..page import at, control, made_by, plotted, pull, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser

WORDS = ["the", "aunts", ",", "who", "saw", "the", "boy", ",", "slept", "like"]
ANSWERS = ("king", "queen", "kings", "queens")
# The same cell makes the network here and in the kernel; larger weights than a new network's let the gates differ.
NETWORK = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
words = sv.data.AGREEMENT_VOCABULARY
model = sv.models.LSTM(len(words), 6, len(words))
for parameter in model.parameters():
    parameter.data.mul_(3)
"""


@pytest.fixture
def made() -> dict:
    return made_by(NETWORK)


def test_a_gate_is_held_at_the_word_pointed_at(page: Page, watch: Watch, made: dict):
    explorer = show(page, NETWORK, f"sv.explore.clamp(model, words, {WORDS!r}, {ANSWERS!r}, unit=2, step=4)")

    def assert_shown(gate: str, held: float, alone: bool, unit: int, step: int) -> None:
        trace = sv.traces.trace_clamp(made["model"], made["words"], WORDS, gate, held, unit, alone)
        wait_for_sentence(explorer, describe_clamp(trace, ANSWERS, step))
        np.testing.assert_allclose(plotted(explorer, 0, "y"), trace.free_cells, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(plotted(explorer, 1, "y"), trace.cells[step], rtol=1e-4, atol=1e-5)
        chosen = [trace.outputs.index(answer) for answer in ANSWERS]
        np.testing.assert_allclose(plotted(explorer, 4, "x"), trace.probabilities[step, chosen], rtol=1e-4)

    assert_shown("forget", 0.0, True, 2, 4)
    page.mouse.click(*at(explorer, ("xaxis", 6), "yaxis"))
    assert_shown("forget", 0.0, True, 2, 6)
    page.mouse.move(0, 0)
    control(explorer, "Gate").select_option("input")
    assert_shown("input", 0.0, True, 2, 6)
    control(explorer, "Held").select_option("open (1)")
    assert_shown("input", 1.0, True, 2, 6)
    control(explorer, "Whose").select_option("all cells'")
    assert_shown("input", 1.0, False, 2, 6)
    set_range(control(explorer, "Cell"), 5)
    assert_shown("input", 1.0, False, 5, 6)
    control(explorer, "At step").focus()
    page.keyboard.press("Home")
    assert_shown("input", 1.0, False, 5, 0)
    assert watch == Watch()


def test_the_diamond_is_dragged_along_the_words(page: Page, watch: Watch, made: dict):
    explorer = show(
        page, NETWORK, f'sv.explore.clamp(model, words, {WORDS!r}, {ANSWERS!r}, step=4, whose="all cells\'")'
    )
    trace = sv.traces.trace_clamp(made["model"], made["words"], WORDS, "forget", 0.0, 0, alone=False)
    pull(page, at(explorer, ("xaxis2", 4), ("yaxis2", 0)), at(explorer, ("xaxis2", 7), ("yaxis2", 0.5)))
    wait_for_sentence(explorer, describe_clamp(trace, ANSWERS, 7))
    np.testing.assert_allclose(plotted(explorer, 3, "x"), [7])
    page.mouse.move(*at(explorer, ("xaxis2", 1), ("yaxis2", 0.5)))  # let go, it stays
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, describe_clamp(trace, ANSWERS, 7))
    painted = explorer.locator(".seqviz-strip").evaluate("(row) => Array.from(row.children, (word) => word.level)")
    np.testing.assert_allclose(painted, left_levels(trace, ANSWERS), atol=1e-6)
    assert watch == Watch()
