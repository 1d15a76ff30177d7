"""Truncated backpropagation in JupyterLab: chunks move their border and read what is typed."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.recurrent.truncation import describe_truncation, reached_back_to

from ..conftest import Watch
from ..page import MODEL, TEXT, control, made_by, plotted, show, wait_for_sentence

pytestmark = pytest.mark.browser


def test_chunks_move_their_border_and_read_what_is_typed(page: Page, watch: Watch):
    explorer = show(page, MODEL, "sv.explore.truncation(model, alphabet, text)")
    model, alphabet = made_by(MODEL)["model"], sv.data.PROSE_ALPHABET
    trace = sv.traces.trace_truncation(model, alphabet, TEXT)
    wait_for_sentence(explorer, describe_truncation(trace, 4))

    length = control(explorer, "Steps in a chunk")
    length.focus()
    for chunk in (4, 3):
        page.keyboard.press("ArrowLeft")
        wait_for_sentence(explorer, describe_truncation(trace, chunk - 1))
        border = reached_back_to(len(trace.tokens), chunk) + 0.5
        np.testing.assert_allclose(plotted(explorer, 1, "x")[::2], border)
        np.testing.assert_allclose(plotted(explorer, 3, "x"), [chunk, chunk])
    np.testing.assert_allclose(plotted(explorer, 2, "y"), 100 * trace.missing, rtol=1e-4, atol=1e-3)

    explorer.locator(".seqviz-strip button").nth(6).click()
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, describe_truncation(trace, 6))
    explorer.locator(".seqviz-strip button").nth(2).click()
    page.mouse.move(0, 0)

    control(explorer, "Type (only").fill("an unknown name")
    trace = sv.traces.trace_truncation(model, alphabet, "an unknown name")
    wait_for_sentence(explorer, describe_truncation(trace, 2))
    assert len(plotted(explorer, 2, "y")) == 14
    control(explorer, "Type (only").fill("q")
    expect(explorer.get_by_role("alert")).to_contain_text("at least two characters")
    assert watch == Watch()
