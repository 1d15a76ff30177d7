"""In JupyterLab every typed character shows its surprise, and what had been expected in its place."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.language.sentence import Reading, describe_sentence

from ..conftest import Watch
from ..page import control, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the readers here and in the kernel.
MAKE = """
import torch, seqviz as sv
letters = sv.data.Tokenizer.of_characters("abcdefgh ")
text = letters.encode("a bad cab had a head bag decaf cafe fade hag")
readers = {
    f"{n}-gram": (sv.models.ngram.ngram_decode_step(sv.models.NGram(text, 9, n)), sv.models.ngram.no_context(1))
    for n in (1, 3)
}
"""
SENTENCE = 'sv.explore.sentence(readers, letters, "a bad cafe")'


def test_every_character_shows_its_surprise_while_you_type_and_point(page: Page, watch: Watch):
    explorer = show(page, MAKE, SENTENCE)
    made = made_by(MAKE)
    trace = sv.traces.trace_sentence(made["readers"], made["letters"], "a bad cafe")
    np.testing.assert_allclose(plotted(explorer, 1, "y"), trace.bits("3-gram"), atol=1e-5)
    explorer.locator(".seqviz-strip button").nth(3).hover()
    wait_for_sentence(explorer, describe_sentence(Reading(trace, "3-gram"), 3))

    control(explorer, "Type (only").fill("a bag")
    typed = sv.traces.trace_sentence(made["readers"], made["letters"], "a bag")
    expect(explorer.locator(".seqviz-strip button")).to_have_count(5)
    explorer.locator(".seqviz-strip button").nth(4).click()
    wait_for_sentence(explorer, describe_sentence(Reading(typed, "3-gram"), 4))
    control(explorer, "What this model expected").select_option("1-gram")
    wait_for_sentence(explorer, describe_sentence(Reading(typed, "1-gram"), 4))
    np.testing.assert_allclose(plotted(explorer, 3, "x"), typed.probabilities["1-gram"][4], atol=1e-6)
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, SENTENCE)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
