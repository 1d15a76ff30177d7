"""In JupyterLab a sentence is coloured while it is typed, and a word that is pointed at is left out."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.classification.belief import Verdict, describe_belief

from ..conftest import Watch
from ..page import control, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the classifiers here and in the kernel.
MAKE = """
import torch, seqviz as sv
torch.manual_seed(0)
words = sv.data.review_vocabulary()
classifiers = {
    "mean": sv.models.SequenceClassifier(sv.models.WordVectors(len(words), 4), 4, 1, "mean"),
    "LSTM": sv.models.SequenceClassifier(sv.models.LSTMLayer(len(words), 6), 6, 1, "last"),
}
for classifier in classifiers.values():
    torch.nn.init.normal_(classifier.W_hy, std=3)
"""
BELIEF = 'sv.explore.belief(classifiers, words, "the food was not good")'


def test_a_word_is_left_out_when_it_is_pointed_at_and_what_is_typed_is_read(page: Page, watch: Watch):
    explorer = show(page, MAKE, BELIEF)
    made = made_by(MAKE)
    trace = sv.traces.trace_belief(made["classifiers"], made["words"], "the food was not good")
    np.testing.assert_allclose(plotted(explorer, 1, "y"), trace.beliefs[1], atol=1e-6)
    explorer.locator(".seqviz-strip button").nth(3).hover()
    wait_for_sentence(explorer, describe_belief(Verdict(trace, "LSTM"), 3))
    np.testing.assert_allclose(plotted(explorer, 2, "y"), trace.without[1, 3], atol=1e-6)

    control(explorer, "Type a review").fill("a dull quokka")
    typed = sv.traces.trace_belief(made["classifiers"], made["words"], "a dull quokka")
    expect(explorer.locator(".seqviz-strip button")).to_have_count(3)
    explorer.locator(".seqviz-strip button").nth(1).click()
    wait_for_sentence(explorer, describe_belief(Verdict(typed, "LSTM"), 1))
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_belief(Verdict(typed, "LSTM"), 2))
    control(explorer, "Ask").select_option("mean")
    wait_for_sentence(explorer, describe_belief(Verdict(typed, "mean"), 2))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, BELIEF)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
