"""Step by step and letter by letter, by mouse and by key; on a phone nothing is cut off."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.transformer.translation_steps import (
    describe_translation_steps,
    step_of,
    translation_steps_patch,
)

from ..conftest import Watch
from ..page import control, faults, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence
from .made import MAKE

pytestmark = pytest.mark.browser

STEPS = "sv.explore.translation_steps(model, text, dates[0].text)"


def traced(source: str):
    made = made_by(MAKE)
    return sv.traces.trace_translation_steps(made["model"], made["text"], source, max_length=11)


def test_a_hand_goes_through_what_was_fed_and_the_source(page: Page, watch: Watch):
    explorer = show(page, MAKE, STEPS)
    trace = traced(made_by(MAKE)["dates"][0].text)
    steps = len(trace.said)
    wait_for_sentence(explorer, describe_translation_steps(trace, 0))
    tokens = explorer.locator(".seqviz-strip button")
    expect(tokens).to_have_count(steps + len(trace.source))
    tokens.nth(3).click()
    wait_for_sentence(explorer, describe_translation_steps(trace, 3))
    np.testing.assert_allclose(
        plotted(explorer, 0, "z"), translation_steps_patch(trace, 3)["source.z"], rtol=1e-4, atol=1e-5
    )
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_translation_steps(trace, 4))
    tokens.nth(steps + 1).hover()
    wait_for_sentence(explorer, describe_translation_steps(trace, steps + 1))
    expected = trace.probabilities[step_of(trace, steps + 1)]
    np.testing.assert_allclose(plotted(explorer, 2, "y"), expected, rtol=1e-4, atol=1e-5)

    tokens.nth(0).click()
    page.mouse.move(0, 0)  # it would point at what comes to lie under it
    control(explorer, "Translate").fill("1987")
    wait_for_sentence(explorer, describe_translation_steps(traced("1987"), 0))
    assert watch == Watch()


def test_on_a_phone_nothing_lies_on_anything(narrow: Page, watch: Watch):
    assert faults(show(narrow, MAKE, STEPS)) == []
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, STEPS)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
