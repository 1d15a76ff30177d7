"""A hand points at outputs, by mouse and by key, and types another source; on a phone nothing is cut off."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.transformer.residual_stream import describe_residual_stream

from ..conftest import Watch
from ..page import (
    control,
    faults,
    made_by,
    plotted,
    point_at,
    serious_violations,
    set_theme,
    show,
    wait_for_sentence,
)
from .made import MAKE

pytestmark = pytest.mark.browser

STREAM = "sv.explore.residual_stream(model, text, dates[0].text)"


def traced(source: str):
    made = made_by(MAKE)
    return sv.traces.trace_residual_stream(made["model"], made["text"], source, max_length=11)


def test_a_hand_points_at_outputs_and_types_a_source(page: Page, watch: Watch):
    explorer = show(page, MAKE, STREAM)
    source = made_by(MAKE)["dates"][0].text
    trace = traced(source)
    wait_for_sentence(explorer, describe_residual_stream(trace, 0))
    point_at(explorer, 3.0)
    wait_for_sentence(explorer, describe_residual_stream(trace, 2))
    np.testing.assert_allclose(plotted(explorer, 2, "x"), trace.shares[:, 2], rtol=1e-4, atol=1e-5)
    page.mouse.move(0, 0)
    control(explorer, "Output step").focus()
    page.keyboard.press("End")
    wait_for_sentence(explorer, describe_residual_stream(trace, len(trace.said) - 1))

    box = control(explorer, "Translate")
    box.fill("1987")
    wait_for_sentence(explorer, describe_residual_stream(traced("1987"), len(traced("1987").said) - 1))
    box.fill("1987!")
    expect(explorer.locator(".seqviz-alert")).to_contain_text("expected what was learned, got '!'")
    assert watch == Watch()


def test_on_a_phone_nothing_lies_on_anything(narrow: Page, watch: Watch):
    assert faults(show(narrow, MAKE, STREAM)) == []
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, STREAM)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
