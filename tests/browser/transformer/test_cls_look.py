"""In JupyterLab a hand goes through layers and heads, and the bars of both networks follow."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.transformer.cls_look import describe_cls_look, shown_weights

from ..conftest import Watch
from ..page import control, faults, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence
from .encoder import MAKE

pytestmark = pytest.mark.browser

LOOK = "sv.explore.cls_look(networks, words, 'a b d', head, ('bad', 'good'), view=1)"


def traced(text: str = "a b d"):
    made = made_by(MAKE)
    return sv.traces.trace_cls_look(made["networks"], made["words"], text, made["head"], ("bad", "good"))


def test_a_hand_goes_through_layers_and_heads(page: Page, watch: Watch):
    explorer = show(page, MAKE, LOOK)
    trace = traced()
    wait_for_sentence(explorer, describe_cls_look(trace, 1))
    control(explorer, "Layers, then heads").focus()
    page.keyboard.press("End")
    wait_for_sentence(explorer, describe_cls_look(trace, 5))
    expect(control(explorer, "Layers, then heads")).to_have_attribute("aria-valuetext", "head 2.2")
    np.testing.assert_allclose(plotted(explorer, 1, "y"), shown_weights(trace, 5)[1], atol=1e-6)
    assert faults(explorer) == []
    assert watch == Watch()


def test_in_a_sentence_of_ones_own(page: Page, watch: Watch):
    explorer = show(page, MAKE, LOOK)
    wait_for_sentence(explorer, describe_cls_look(traced(), 1))
    control(explorer, "Sentence").fill("d c b a")
    wait_for_sentence(explorer, describe_cls_look(traced("d c b a"), 1))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, LOOK)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
