"""In JupyterLab a source is read digit by digit, and another one is typed."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.translation.bottleneck import describe_bottleneck

from ..conftest import Watch
from ..page import control, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the translators here and in the kernel.
MAKE = """
import torch, seqviz as sv
words = sv.data.Tokenizer.of_words([*"0123456789"], special=True)
def translator_of(seed):
    def translator(source):
        table = torch.randn(len(words), len(words), generator=torch.Generator().manual_seed(seed + int(source)))
        return (lambda token, state: (table[token].log_softmax(-1), state)), torch.zeros(1)
    return translator
translators = {"narrow": translator_of(1), "wide": translator_of(2)}
right = " ".join
"""
BOTTLENECK = 'sv.explore.bottleneck(translators, words, "3514", right)'


def test_it_is_read_by_key_and_another_source_is_typed(page: Page, watch: Watch):
    explorer = show(page, MAKE, BOTTLENECK)
    made = made_by(MAKE)
    trace = sv.traces.trace_bottleneck(made["translators"], made["words"], "3514", made["right"])
    wait_for_sentence(explorer, describe_bottleneck(trace, 3))
    step = control(explorer, "Digit")
    step.focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_bottleneck(trace, 0))
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_bottleneck(trace, 1))
    explorer.locator(".seqviz-strip button").nth(2).hover()
    wait_for_sentence(explorer, describe_bottleneck(trace, 2))

    control(explorer, "Translate").fill("27")
    typed = sv.traces.trace_bottleneck(made["translators"], made["words"], "27", made["right"])
    expect(explorer.locator(".seqviz-strip button")).to_have_count(2)
    control(explorer, "Digit").focus()
    page.keyboard.press("End")
    wait_for_sentence(explorer, describe_bottleneck(typed, 1))
    np.testing.assert_allclose(plotted(explorer, 1, "y"), typed.probabilities[1], atol=1e-6)
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, BOTTLENECK)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
