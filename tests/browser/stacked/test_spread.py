"""How far an input spreads through layers, in JupyterLab: by mouse and keyboard."""

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.stacked.spread import arrivals, describe_spread, moved
from seqviz.widgets.explorers.stacked.spread import FURTHEST, READS, _inputs, _random_stack

from ..conftest import Watch
from ..page import control, plotted, point_at, serious_violations, set_range, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

SPREAD = "sv.explore.spread()"


def test_an_erased_input_colours_what_it_reaches(page: Page, watch: Watch):
    explorer = show(page, SPREAD)
    spread = sv.traces.trace_spread(_random_stack(2, False), _inputs(), READS)
    wait_for_sentence(explorer, describe_spread(spread, 3))
    erased = control(explorer, "Erase the input")
    erased.focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_spread(spread, 0))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), moved(spread, 0), atol=1e-5)

    control(explorer, "Every layer reads").select_option("both directions")
    set_range(control(explorer, "Layers"), 3)
    point_at(explorer, 6)
    with torch.no_grad():
        both = sv.traces.trace_spread(_random_stack(3, True), _inputs(), READS)
    wait_for_sentence(explorer, describe_spread(both, 5))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), moved(both, 5), atol=1e-5)
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, SPREAD)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()


def test_it_spreads_connection_by_connection(page: Page, watch: Watch):
    explorer = show(page, SPREAD)
    control(explorer, "Every layer reads").select_option("both directions")
    trace = sv.traces.trace_spread(_random_stack(2, True), _inputs(), READS)
    wait_for_sentence(explorer, describe_spread(trace, 3))
    away = control(explorer, "Connections away")
    away.press("Home")
    for _ in range(2):
        away.press("ArrowRight")
    figure = explorer.locator(".seqviz-figure").element_handle()
    count = "(div) => div.data[0].z.flatMap((row) => Array.from(row)).filter((value) => !Number.isNaN(value)).length"
    reached = arrivals(trace, 3) <= 2
    page.wait_for_function(f"([div, many]) => ({count})(div) === many", arg=[figure, int(reached.sum())])
    np.testing.assert_allclose(plotted(explorer, 0, "z"), np.where(reached, moved(trace, 3), np.nan), atol=1e-5)
    explorer.get_by_role("button", name="Let it spread").click()
    expect(away).to_have_value(str(FURTHEST))
    everything = int(np.isfinite(moved(trace, 3)).sum())
    page.wait_for_function(f"([div, many]) => ({count})(div) === many", arg=[figure, everything])
    assert watch == Watch()
