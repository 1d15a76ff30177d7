"""In JupyterLab a path collapses by key and by ▶, and another path is typed."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from seqviz.plots.hearing.collapse import collapse_patch, describe_collapse
from seqviz.traces.hearing.collapse import trace_collapse

from ..conftest import Watch
from ..page import control, faults, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

COLLAPSE = 'sv.explore.collapse("-11-5--55")'
PATH_LETTERS, LABELS = 2, 4  # traces of the figure


def test_frames_are_gone_through_and_another_path_is_typed(page: Page, watch: Watch):
    explorer = show(page, COLLAPSE)
    trace = trace_collapse("-11-5--55")
    wait_for_sentence(explorer, describe_collapse(trace, 8))
    assert faults(explorer) == []
    control(explorer, "Frame").focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_collapse(trace, 0))
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_collapse(trace, 4))
    patch = collapse_patch(trace, 4)
    np.testing.assert_allclose(plotted(explorer, PATH_LETTERS, "x"), patch["path.x"], atol=1e-6)
    np.testing.assert_allclose(plotted(explorer, LABELS, "x"), patch["labels.x"], atol=1e-6)
    explorer.locator(".seqviz-play").click()
    wait_for_sentence(explorer, describe_collapse(trace, 8))
    for typed in ("-", "aa-a"):  # a path without a label, too
        control(explorer, "Path").fill(typed)
        wait_for_sentence(explorer, describe_collapse(trace_collapse(typed), len(typed) - 1))
        expect(explorer).to_have_attribute("data-selected", str(len(typed) - 1))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, COLLAPSE)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
