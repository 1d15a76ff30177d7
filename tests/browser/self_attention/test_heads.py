"""In JupyterLab a head comes into focus when it is pointed at, and stays when it is clicked."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.self_attention.heads import describe_heads

from ..conftest import Watch
from ..page import at, control, faults, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence
from .made import MAKE

pytestmark = pytest.mark.browser

HEADS = "sv.explore.heads(model, words, text, word=2, head=1)"


def traced(text: str = "b a d c a"):
    made = made_by(MAKE)
    return sv.traces.trace_heads(made["model"], made["words"], text)


def test_pointing_brings_a_head_into_focus_and_a_click_keeps_it(page: Page, watch: Watch):
    explorer = show(page, MAKE, HEADS)
    trace = traced()
    wait_for_sentence(explorer, describe_heads(trace, 2, 1))
    assert faults(explorer) == []
    page.mouse.move(*at(explorer, ("xaxis", 2), ("yaxis", 4)))
    wait_for_sentence(explorer, describe_heads(trace, 2, 3))
    np.testing.assert_allclose(plotted(explorer, 1, "z"), trace.weights[1, 1], atol=1e-6)
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, describe_heads(trace, 2, 1))
    page.mouse.click(*at(explorer, ("xaxis", 2), ("yaxis", 3)))
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, describe_heads(trace, 2, 2))
    expect(control(explorer, "Head in focus")).to_have_attribute("aria-valuetext", trace.names[2])
    control(explorer, "Head in focus").press("End")
    wait_for_sentence(explorer, describe_heads(trace, 2, 3))
    assert watch == Watch()


def test_a_row_of_the_map_that_is_clicked_asks(page: Page, watch: Watch):
    explorer = show(page, MAKE, HEADS)
    trace = traced()
    wait_for_sentence(explorer, describe_heads(trace, 2, 1))
    page.mouse.click(*at(explorer, ("xaxis2", 1), ("yaxis2", 5)))
    page.mouse.move(0, 0)
    expect(control(explorer, "Word that asks")).to_have_value("4")
    head = int(control(explorer, "Head in focus").input_value())
    wait_for_sentence(explorer, describe_heads(trace, 4, head))
    control(explorer, "Word that asks").press("Home")
    wait_for_sentence(explorer, describe_heads(trace, 0, head))
    control(explorer, "Sentence").fill("d c")
    wait_for_sentence(explorer, describe_heads(traced("d c"), 0, head))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, HEADS)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
