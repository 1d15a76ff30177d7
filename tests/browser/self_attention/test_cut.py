"""In JupyterLab an edge is cut by pointing at a word, and the answer follows."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.self_attention.cut import describe_cut
from seqviz.traces.self_attention.cut import ALONE, EVERYBODY

from ..conftest import Watch
from ..page import control, faults, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence
from .made import MAKE

pytestmark = pytest.mark.browser

CUT = "sv.explore.cut(model, words, text, asked=2, word=1)"


def traced(layers: tuple[int, ...] = (), whose: str = ALONE, text: str = "b a d c a"):
    made = made_by(MAKE)
    return sv.traces.trace_cut(made["model"], made["words"], text, 2, layers, whose)


def test_the_word_that_is_pointed_at_is_cut_off(page: Page, watch: Watch):
    explorer = show(page, MAKE, CUT)
    trace = traced()
    wait_for_sentence(explorer, describe_cut(trace, 1))
    explorer.locator(".seqviz-strip button").nth(3).hover()
    wait_for_sentence(explorer, describe_cut(trace, 3))
    np.testing.assert_allclose(plotted(explorer, 1, "x"), trace.cut[3], atol=1e-6)
    assert faults(explorer) == []
    page.mouse.move(0, 0)
    control(explorer, "Cut off word").press("ArrowRight")
    wait_for_sentence(explorer, describe_cut(trace, 2))
    assert watch == Watch()


def test_in_one_layer_for_everybody_and_in_another_sentence(page: Page, watch: Watch):
    explorer = show(page, MAKE, CUT)
    wait_for_sentence(explorer, describe_cut(traced(), 1))
    control(explorer, "Cut in").select_option("layer 2")
    wait_for_sentence(explorer, describe_cut(traced((1,)), 1))
    control(explorer, "May not look there").select_option(EVERYBODY)
    wait_for_sentence(explorer, describe_cut(traced((1,), EVERYBODY), 1))
    control(explorer, "Sentence").fill("a d d b")
    wait_for_sentence(explorer, describe_cut(traced((1,), EVERYBODY, "a d d b"), 1))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, CUT)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
