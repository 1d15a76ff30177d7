"""In JupyterLab a word is pulled to the place of another, and schemes of positions notice it or not."""

import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.self_attention.order import describe_order

from ..conftest import Watch
from ..page import at, control, pull, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

SENTENCE = "the dog bites the man"
ORDER = f'sv.explore.order("{SENTENCE}", 1, 4, 2)'


def said(sentence: str, one: int, other: int, scheme: str, place: int) -> str:
    return describe_order(sv.traces.trace_order(sentence, one, other, scheme), place)


def test_words_are_exchanged_and_only_with_positions_it_is_seen(page: Page, watch: Watch):
    explorer = show(page, ORDER)
    wait_for_sentence(explorer, said(SENTENCE, 1, 4, "none", 2))
    control(explorer, "Positions").select_option("rotary")
    wait_for_sentence(explorer, said(SENTENCE, 1, 4, "rotary", 2))
    pull(page, at(explorer, ("xaxis2", 4), "yaxis2"), at(explorer, ("xaxis2", 3), "yaxis2"))
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, said(SENTENCE, 1, 3, "rotary", 2))
    control(explorer, "with word").focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, said(SENTENCE, 1, 0, "rotary", 2))
    control(explorer, "Sentence").fill("dogs bite")
    wait_for_sentence(explorer, said("dogs bite", 1, 0, "rotary", 1))
    control(explorer, "Sentence").fill("dogs")
    expect(explorer.locator(".seqviz-alert")).to_contain_text("expected at least two words, got 1")
    assert watch == Watch()


def test_a_word_that_is_pointed_at_reads(page: Page, watch: Watch):
    explorer = show(page, ORDER)
    wait_for_sentence(explorer, said(SENTENCE, 1, 4, "none", 2))
    control(explorer, "Who reads (place)").focus()
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, said(SENTENCE, 1, 4, "none", 3))
    page.mouse.move(*at(explorer, ("xaxis", 0), "yaxis"))
    wait_for_sentence(explorer, said(SENTENCE, 1, 4, "none", 0))
    explorer.get_by_role("button", name="written 2, dog").click()
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, said(SENTENCE, 1, 4, "none", 4))
    expect(explorer.locator(".seqviz-strip [aria-pressed=true]")).to_have_text(["dog", "dog"])
    explorer.get_by_role("button", name="now 1, the").click()
    page.keyboard.press("ArrowRight")
    expect(explorer.get_by_role("button", name="now 2, man")).to_be_focused()
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, said(SENTENCE, 1, 4, "none", 1))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, ORDER)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
