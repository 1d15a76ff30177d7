"""Step by step by key, by pointing and by typing; on a phone nothing is cut off."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.transformer.cache import cache_patch, describe_cache

from ..conftest import Watch
from ..page import at, control, faults, made_by, plotted, resize, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

MAKE = """
import torch, seqviz as sv
letters = sv.data.Tokenizer.of_characters("abcd ")
torch.manual_seed(1)
model = sv.models.CausalTransformer(len(letters), 8, 2, 5, 2, "alibi")
torch.nn.init.normal_(model.W_o)
"""
CACHE = 'sv.explore.cache(model, letters, "ab d", length=8)'


def traced(text: str):
    made = made_by(MAKE)
    return sv.traces.trace_cache(made["model"], made["letters"], text, length=8)


def test_a_hand_goes_from_step_to_step_and_types_another_beginning(page: Page, watch: Watch):
    explorer = show(page, MAKE, CACHE)
    trace = traced("ab d")
    wait_for_sentence(explorer, describe_cache(trace, 0))
    control(explorer, "Step").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_cache(trace, 2))
    np.testing.assert_array_equal(plotted(explorer, 0, "z"), cache_patch(trace, 2)["again.z"])
    np.testing.assert_array_equal(plotted(explorer, 1, "z"), cache_patch(trace, 2)["cached.z"])
    page.mouse.click(*at(explorer, ("xaxis", 1), ("yaxis", 4)))
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, describe_cache(trace, 3))
    control(explorer, "Begins with").fill("dd")
    wait_for_sentence(explorer, describe_cache(traced("dd"), 3))
    assert watch == Watch()


def test_on_a_phone_nothing_lies_on_anything(page: Page, watch: Watch):
    resize(page, 700)  # beside JupyterLab's own columns a figure is as narrow as on a phone
    try:
        assert faults(show(page, MAKE, CACHE)) == []
        assert watch == Watch()
    finally:
        resize(page, 1200)


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, CACHE)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
