"""In JupyterLab a position is pulled along and the hands turn; layout, base and steps by the kernel."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.self_attention.clocks import clocks_patch, describe_clocks

from ..conftest import Watch
from ..page import at, control, plotted, pull, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

CLOCKS = "sv.explore.clocks(position=9, steps=5)"
HANDS = 3  # the trace of the hands of position t


def test_a_position_is_pulled_and_the_hands_turn(page: Page, watch: Watch):
    explorer = show(page, CLOCKS)
    trace = sv.traces.trace_clocks()
    wait_for_sentence(explorer, describe_clocks(trace, 9))
    pull(page, at(explorer, ("xaxis2", 9), "yaxis2"), at(explorer, ("xaxis2", 30), "yaxis2"))
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, describe_clocks(trace, 30))
    drawn = plotted(explorer, HANDS, "y")
    np.testing.assert_allclose(drawn, clocks_patch(trace, 30)["hands-here.y"], atol=1e-6)
    control(explorer, "Position t").focus()
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_clocks(trace, 31))
    page.keyboard.press("End")
    wait_for_sentence(explorer, describe_clocks(trace, trace.movable - 1))
    assert watch == Watch()


def test_steps_layout_and_base_are_chosen(page: Page, watch: Watch):
    explorer = show(page, CLOCKS)
    control(explorer, "And a position later by s").focus()
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_clocks(sv.traces.trace_clocks(steps=6), 9))
    control(explorer, "Columns in").select_option("halves")
    control(explorer, "Base").select_option("10,000 (the paper's)")
    wait_for_sentence(explorer, describe_clocks(sv.traces.trace_clocks("halves", 10_000.0, 6), 9))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, CLOCKS)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
