"""Taggers that read in one or both directions, in JupyterLab: every word shows what each believes."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.stacked.directions import describe_directions

from ..conftest import Watch
from ..page import control, made_by, plotted, point_at, serious_violations, set_theme, show, wait_for_sentence

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


@pytest.fixture
def trace():
    """What the taggers of the kernel believe about a text."""
    made = made_by(TAGGERS)

    def of(text: str):
        return sv.traces.trace_directions(made["taggers"], made["vocabulary"], sv.data.TAGS, text.split())

    return of


def test_every_word_shows_what_each_tagger_believes(page: Page, watch: Watch, trace):
    explorer = show(page, TAGGERS, DIRECTIONS)
    believed = trace(TEXT)
    np.testing.assert_allclose(plotted(explorer, 0, "z"), believed.something, atol=1e-6)
    wait_for_sentence(explorer, describe_directions(believed, 0))

    step = control(explorer, "Step t")
    step.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    wait_for_sentence(explorer, describe_directions(believed, 4))
    for reader in (0, 1):
        np.testing.assert_allclose(plotted(explorer, 3 + reader, "y"), believed.probabilities[reader, 4], atol=1e-6)

    point_at(explorer, 3)
    wait_for_sentence(explorer, describe_directions(believed, 2))
    np.testing.assert_allclose(plotted(explorer, 3, "y"), believed.probabilities[0, 2], atol=1e-6)
    explorer.locator(".seqviz-strip button").nth(1).click()
    wait_for_sentence(explorer, describe_directions(believed, 1))
    assert watch == Watch()


def test_another_sentence_is_read_while_it_is_typed(page: Page, watch: Watch, trace):
    explorer = show(page, TAGGERS, DIRECTIONS)
    box = control(explorer, "Type another text")
    box.fill("marseille juice is cheap")
    expect(explorer.locator(".seqviz-strip button")).to_have_count(4)
    typed = trace("marseille juice is cheap")
    wait_for_sentence(explorer, describe_directions(typed, 0))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), typed.something, atol=1e-6)
    box.fill(" ")
    expect(explorer.get_by_role("alert")).to_contain_text("at least one word")
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, TAGGERS, DIRECTIONS)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
