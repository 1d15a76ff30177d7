"""In JupyterLab the weight is set by hand: by mouse, by key, and for another text."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.translation.redirect import describe_redirect

from ..conftest import Watch
from ..page import control, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the translator here and in the kernel.
MAKE = """
import datetime, torch, seqviz as sv
dates = [sv.data.write_date(datetime.date(2043, month, 24), "German", "long") for month in (5, 7)]
text = sv.data.dates_as_text(dates)
torch.manual_seed(1)
model = sv.models.BahdanauTranslator(len(text.source), len(text.target), 4, 6, 5)
with torch.no_grad():
    model.W_o *= 9
    model.b_o[:7] -= 9
"""
REDIRECT = 'sv.explore.redirect(model, text, "24. mai 2043", 3, 4)'


def traced(source: str, step: int, share: float):
    made = made_by(MAKE)
    return sv.traces.trace_redirect(made["model"], made["text"], source, step, share, max_length=11)


def test_the_weight_is_set_by_hand_and_the_word_follows(page: Page, watch: Watch):
    explorer = show(page, MAKE, REDIRECT)
    trace = traced("24. mai 2043", 3, 1.0)
    wait_for_sentence(explorer, describe_redirect(trace, 4))
    explorer.locator(".seqviz-strip button").nth(6).hover()
    wait_for_sentence(explorer, describe_redirect(trace, 6))
    np.testing.assert_allclose(plotted(explorer, 1, "y"), trace.weights[6], atol=1e-6)
    np.testing.assert_allclose(plotted(explorer, 3, "y"), trace.probabilities[6], atol=1e-6)
    page.mouse.move(0, 0)

    control(explorer, "Weight (pull a bar)").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    wait_for_sentence(explorer, describe_redirect(traced("24. mai 2043", 3, 0.8), 4))
    control(explorer, "Output step").focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_redirect(traced("24. mai 2043", 0, 0.8), 4))
    control(explorer, "Translate").fill("4. juli 2043")
    wait_for_sentence(explorer, describe_redirect(traced("4. juli 2043", 0, 0.8), 4))
    control(explorer, "Translate").fill("4. xuli 2043")
    expect(explorer.locator(".seqviz-alert")).to_contain_text("expected what was learned, got 'x'")
    assert watch == Watch()


def test_a_bar_is_pulled_to_the_height_of_the_hand(page: Page, watch: Watch):
    explorer = show(page, MAKE, REDIRECT)
    wait_for_sentence(explorer, describe_redirect(traced("24. mai 2043", 3, 1.0), 4))
    axes = explorer.locator(".seqviz-figure").evaluate(
        """(figure) => { const { xaxis, yaxis } = figure._fullLayout, box = figure.getBoundingClientRect();
        return { x: box.left + xaxis._offset + xaxis.c2p(8), from: box.top + yaxis._offset + yaxis.c2p(0.9),
                 to: box.top + yaxis._offset + yaxis.c2p(0.5) }; }"""
    )
    page.mouse.move(axes["x"], axes["from"])
    page.mouse.down()
    page.mouse.move(axes["x"], axes["to"], steps=4)
    page.mouse.up()
    wait_for_sentence(explorer, describe_redirect(traced("24. mai 2043", 3, 0.5), 8))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, REDIRECT)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
