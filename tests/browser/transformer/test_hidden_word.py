"""In JupyterLab a word is hidden by pointing at it, and what is expected there follows."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.transformer.hidden_word import describe_hidden_word

from ..conftest import Watch
from ..page import control, faults, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence
from .encoder import MAKE

pytestmark = pytest.mark.browser

HIDDEN = "sv.explore.hidden_word(networks['before'], words, text, hidden=1)"


def traced(text: str = "a b / c a d"):
    made = made_by(MAKE)
    return sv.traces.trace_hidden_word(made["networks"]["before"], made["words"], text)


def test_the_word_that_is_pointed_at_is_hidden(page: Page, watch: Watch):
    explorer = show(page, MAKE, HIDDEN)
    trace = traced()
    wait_for_sentence(explorer, describe_hidden_word(trace, 1))
    explorer.locator(".seqviz-strip button").nth(4).hover()
    wait_for_sentence(explorer, describe_hidden_word(trace, 4))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), trace.probabilities[4], atol=1e-6)
    assert faults(explorer) == []
    page.mouse.move(0, 0)
    control(explorer, "Hidden word").press("ArrowRight")
    wait_for_sentence(explorer, describe_hidden_word(trace, 2))
    assert watch == Watch()


def test_in_a_sentence_of_ones_own(page: Page, watch: Watch):
    explorer = show(page, MAKE, HIDDEN)
    wait_for_sentence(explorer, describe_hidden_word(traced(), 1))
    control(explorer, "One sentence, or two").fill("d c b")
    wait_for_sentence(explorer, describe_hidden_word(traced("d c b"), 1))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, HIDDEN)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
