"""In JupyterLab a word is pointed at and its look is drawn, stage by stage, by mouse and by key."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.self_attention.stages import describe_stages

from ..conftest import Watch
from ..page import control, faults, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence
from .made import MAKE

pytestmark = pytest.mark.browser

STAGES = "sv.explore.stages(model, words, text, word=2)"


def traced(text: str = "b a d c a", layer: int = 0, head: int = 0):
    made = made_by(MAKE)
    return sv.traces.trace_stages(made["model"], made["words"], text, layer, head)


def test_a_word_that_is_pointed_at_shows_its_numbers(page: Page, watch: Watch):
    explorer = show(page, MAKE, STAGES)
    trace = traced()
    wait_for_sentence(explorer, describe_stages(trace, 2))
    explorer.locator(".seqviz-strip button").nth(4).hover()
    wait_for_sentence(explorer, describe_stages(trace, 4))
    np.testing.assert_allclose(plotted(explorer, 3, "z"), trace.weights[4][:, None], atol=1e-6)
    np.testing.assert_allclose(plotted(explorer, 5, "z")[0], trace.weights[4] @ trace.v, atol=1e-6)
    assert faults(explorer) == []
    page.mouse.move(0, 0)
    control(explorer, "Word that asks").focus()
    page.keyboard.press("ArrowLeft")
    wait_for_sentence(explorer, describe_stages(trace, 1))
    assert watch == Watch()


def test_layer_head_and_sentence_are_the_students(page: Page, watch: Watch):
    explorer = show(page, MAKE, STAGES)
    wait_for_sentence(explorer, describe_stages(traced(), 2))
    control(explorer, "Layer").press("ArrowRight")
    wait_for_sentence(explorer, describe_stages(traced(layer=1), 2))
    control(explorer, "Head").press("ArrowRight")
    wait_for_sentence(explorer, describe_stages(traced(layer=1, head=1), 2))
    control(explorer, "Sentence").fill("c d d")
    wait_for_sentence(explorer, describe_stages(traced("c d d", 1, 1), 2))
    control(explorer, "Sentence").fill("c d e")
    expect(explorer.locator(".seqviz-alert")).to_contain_text("expected only known words, got 'e'")
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, STAGES)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
