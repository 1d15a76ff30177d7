"""In JupyterLab a word is typed, and the bars and the words that count follow."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.translation.bleu import describe_bleu, heights

from ..conftest import Watch
from ..page import control, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

REFERENCE = "zwei hundert drei und vierzig"
MAKE = "import seqviz as sv"
BLEU = f'sv.explore.bleu("zwei hundert vierzig und drei", ["{REFERENCE}"])'


def test_the_bars_follow_the_words(page: Page, watch: Watch):
    explorer = show(page, MAKE, BLEU)
    trace = sv.traces.trace_bleu("zwei hundert vierzig und drei", [REFERENCE])
    wait_for_sentence(explorer, describe_bleu(trace, 0))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), heights(trace), atol=1e-6)
    control(explorer, "The translation").fill("zwei hundert drei und")
    typed = sv.traces.trace_bleu("zwei hundert drei und", [REFERENCE])
    expect(explorer.locator(".seqviz-strip button")).to_have_count(4)
    wait_for_sentence(explorer, describe_bleu(typed, 0))
    explorer.locator(".seqviz-strip button").nth(3).hover()
    wait_for_sentence(explorer, describe_bleu(typed, 3))
    np.testing.assert_allclose(plotted(explorer, 1, "y")[:4], typed.precisions * typed.matched[:, 3], atol=1e-6)
    caption = explorer.locator(".seqviz-caption")
    expect(caption).to_contain_text("Lit: single words")
    control(explorer, "Light").focus()
    page.keyboard.press("End")
    expect(caption).to_contain_text("Lit: runs of 4 words")
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, BLEU)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
