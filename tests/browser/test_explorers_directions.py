"""The explorers of directions and depth in JupyterLab: by mouse and keyboard, the page shows what the models say."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

import seqviz as sv
from seqviz.plots.spread import moved
from seqviz.widgets.explorers.directions import READS, _inputs, _random_stack

from .conftest import Watch
from .page import control, made_by, plotted, point_at, serious_violations, set_range, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

TEXT = "apple stores sell the new iphone"
# The same cell makes the taggers here and in the kernel.
TAGGERS = """
import torch, seqviz as sv
torch.manual_seed(0)
vocabulary = sv.data.teddy_and_apple().vocabulary()
n = len(vocabulary)
both = sv.models.Bidirectional(sv.models.RNNLayer(n, 4), sv.models.RNNLayer(n, 5))
taggers = {"left to right": sv.models.Tagger(sv.models.RNNLayer(n, 6), 6, 7), "both": sv.models.Tagger(both, 9, 7)}
"""
DIRECTIONS = f"sv.explore.directions(taggers, vocabulary, sv.data.TAGS, {TEXT!r})"
DEPTH = "sv.explore.depth()"


@pytest.fixture
def trace():
    """What the taggers of the kernel believe about a text."""
    made = made_by(TAGGERS)

    def of(text: str):
        return sv.traces.trace_directions(made["taggers"], made["vocabulary"], sv.data.TAGS, text.split())

    return of


def test_every_word_shows_what_each_tagger_believes(page, lab, watch, trace):
    explorer = show(page, lab, TAGGERS, DIRECTIONS)
    believed = trace(TEXT)
    np.testing.assert_allclose(plotted(explorer, 0, "z"), believed.something, atol=1e-6)
    wait_for_sentence(explorer, sv.plots.describe_directions(believed, 0))

    step = control(explorer, "Step t")
    step.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    wait_for_sentence(explorer, sv.plots.describe_directions(believed, 4))
    for reader in (0, 1):
        np.testing.assert_allclose(plotted(explorer, 3 + reader, "y"), believed.probabilities[reader, 4], atol=1e-6)

    point_at(explorer, 2)
    wait_for_sentence(explorer, sv.plots.describe_directions(believed, 2))
    np.testing.assert_allclose(plotted(explorer, 3, "y"), believed.probabilities[0, 2], atol=1e-6)
    explorer.locator(".seqviz-strip button").nth(1).click()
    wait_for_sentence(explorer, sv.plots.describe_directions(believed, 1))
    assert watch == Watch()


def test_another_sentence_is_read_while_it_is_typed(page, lab, watch, trace):
    explorer = show(page, lab, TAGGERS, DIRECTIONS)
    box = control(explorer, "Type another")
    box.fill("marseille juice is cheap")
    expect(explorer.locator(".seqviz-strip button")).to_have_count(4)
    typed = trace("marseille juice is cheap")
    wait_for_sentence(explorer, sv.plots.describe_directions(typed, 0))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), typed.something, atol=1e-6)
    box.fill(" ")
    expect(explorer.get_by_role("alert")).to_contain_text("at least one word")
    assert watch == Watch()


def test_an_erased_input_colours_what_it_reaches(page, lab, watch):
    explorer = show(page, lab, DEPTH)
    spread = sv.traces.trace_spread(_random_stack(2, False), _inputs(), READS)
    wait_for_sentence(explorer, sv.plots.describe_spread(spread, 3))
    erased = control(explorer, "Erase the input")
    erased.focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, sv.plots.describe_spread(spread, 0))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), moved(spread, 0), atol=1e-5)

    control(explorer, "Every layer reads").select_option("both directions")
    set_range(control(explorer, "Layers"), 3)
    point_at(explorer, 5)
    with torch.no_grad():
        both = sv.traces.trace_spread(_random_stack(3, True), _inputs(), READS)
    wait_for_sentence(explorer, sv.plots.describe_spread(both, 5))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), moved(both, 5), atol=1e-5)
    assert watch == Watch()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_serious_in_either_theme(page, lab, watch, theme):
    show(page, lab, TAGGERS, DIRECTIONS, DEPTH)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
