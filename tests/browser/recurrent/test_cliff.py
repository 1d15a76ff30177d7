"""The cliff in JupyterLab: its start is dragged over the map, its threshold moved by key."""

import numpy as np
import pytest
from playwright.sync_api import ElementHandle, Locator, Page, expect

import seqviz as sv
from seqviz.plots.recurrent.cliff import describe_cliff, ways_of
from seqviz.widgets.explorers.recurrent.cliff import THRESHOLDS

from ..conftest import Watch
from ..page import at, control, plotted, pull, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser


def test_the_start_is_dragged_over_the_map_and_the_threshold_by_key(page: Page, watch: Watch):
    explorer = show(page, "sv.explore.cliff()")
    wait_for_sentence(explorer, describe_cliff(sv.traces.trace_descents((5.0, -2.3), THRESHOLDS), 4))
    explorer.locator(".seqviz-figure").scroll_into_view_if_needed()
    pull(page, *(at(explorer, ("xaxis", w), ("yaxis", b)) for w, b in ((5.0, -2.3), (5.3, -2.5), (5.5, -2.6))))
    w, b = (control(explorer, f"Start: {name}") for name in "wb")
    expect(w).to_have_value("5.5")
    expect(b).to_have_value("-2.6")
    expected = sv.traces.trace_descents((5.5, -2.6), THRESHOLDS)
    wait_for_sentence(explorer, describe_cliff(expected, 4))

    threshold = control(explorer, "Threshold")
    threshold.focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_cliff(expected, 0))
    for trace, way in enumerate(ways_of(expected, 0)):
        np.testing.assert_allclose(plotted(explorer, 1 + trace, "x"), way[:, 0], rtol=1e-5)
        np.testing.assert_allclose(plotted(explorer, 1 + trace, "y"), way[:, 1], rtol=1e-5)
        np.testing.assert_allclose(plotted(explorer, 5 + trace, "y"), way[:, 2], rtol=1e-4)

    w.focus()
    page.keyboard.press("ArrowLeft")
    expected = sv.traces.trace_descents((5.45, -2.6), THRESHOLDS)
    wait_for_sentence(explorer, describe_cliff(expected, 0))
    assert watch == Watch()


def test_the_balls_go_their_ways_update_by_update(page: Page, watch: Watch):
    explorer = show(page, "sv.explore.cliff()")
    ways = ways_of(sv.traces.trace_descents((5.0, -2.3), THRESHOLDS), 4)
    update = control(explorer, "Update")

    def assert_at(number: int) -> None:
        for index, way in enumerate(ways):
            np.testing.assert_allclose(plotted(explorer, 1 + index, "y")[: number + 1], way[: number + 1, 1], rtol=1e-5)
            assert np.isnan(plotted(explorer, 1 + index, "y")[number + 1 :]).all()
            ball, loss = 8 + 2 * index, 9 + 2 * index
            np.testing.assert_allclose(plotted(explorer, ball, "x"), [way[number, 0]], rtol=1e-5)
            np.testing.assert_allclose(plotted(explorer, ball, "y"), [way[number, 1]], rtol=1e-5)
            np.testing.assert_allclose(plotted(explorer, loss, "y"), [way[number, 2]], rtol=1e-4)

    assert_at(25)
    set_range(update, 19)
    page.wait_for_function("(div) => Number.isNaN(div.data[1].y[20])", arg=figure(explorer))
    assert_at(19)
    explorer.get_by_role("button", name="Let the balls go").click()
    expect(update).to_have_value("25")
    page.wait_for_function("(div) => !Number.isNaN(div.data[1].y[25])", arg=figure(explorer))
    assert_at(25)
    assert watch == Watch()


def figure(explorer: Locator) -> ElementHandle:
    return explorer.locator(".seqviz-figure").element_handle()
