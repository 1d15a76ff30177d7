"""One cell between its corners, in JupyterLab: the hand moves its gates."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.gated.regimes import describe_regimes, regimes_figure
from seqviz.widgets.explorers.gated.regimes import PULSES, START

from ..conftest import Watch
from ..page import at, control, plotted, pull, show, wait_for_sentence

pytestmark = pytest.mark.browser


def test_the_hand_moves_a_cell_from_corner_to_corner(page: Page, watch: Watch):
    explorer = show(page, "sv.explore.regimes()")

    def assert_shown(forget: float, write: float, reading: int) -> None:
        trace = sv.traces.trace_regimes(forget, write, PULSES, START)
        wait_for_sentence(explorer, describe_regimes(trace, reading))
        cells = np.array([START, *trace.cells])
        np.testing.assert_allclose([plotted(explorer, 1, name)[0] for name in "xy"], [forget, write], atol=1e-6)
        np.testing.assert_allclose(plotted(explorer, 3, "y"), cells, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(plotted(explorer, 4, "y"), reading / 10 * np.tanh(cells), rtol=1e-4, atol=1e-6)

    assert_shown(1.0, 0.0, 10)
    pull(page, at(explorer, ("xaxis", 1), ("yaxis", 0)), at(explorer, ("xaxis", 0.4), ("yaxis", 0.75)))
    expect(control(explorer, "Forget gate f_t")).to_have_value("0.4")
    expect(control(explorer, "Input gate i_t")).to_have_value("0.75")
    assert_shown(0.4, 0.75, 10)
    forget = control(explorer, "Forget gate f_t")
    forget.focus()
    page.keyboard.press("Home")
    assert_shown(0.0, 0.75, 10)
    page.keyboard.press("ArrowRight")
    assert_shown(0.05, 0.75, 10)
    control(explorer, "Output gate o_t").focus()
    page.keyboard.press("Home")
    assert_shown(0.05, 0.75, 0)
    assert watch == Watch()


def test_the_vessel_fills_and_empties_step_by_step(page: Page, watch: Watch):
    explorer = show(page, "sv.explore.regimes(0.5, 1.0)")
    trace = sv.traces.trace_regimes(0.5, 1.0, PULSES, START)
    cells = np.array([START, *trace.cells])
    place = {one.uid: number for number, one in enumerate(regimes_figure(trace).data) if one.uid}
    step = control(explorer, "Steps run")
    step.press("Home")
    step.press("ArrowRight")
    step.press("ArrowRight")
    figure = explorer.locator(".seqviz-figure").element_handle()
    page.wait_for_function("([div, now]) => div.data[now].x[0] === 2", arg=[figure, place["now"]])
    np.testing.assert_allclose(plotted(explorer, place["level"], "y"), [cells[2]], rtol=1e-5)
    np.testing.assert_allclose(plotted(explorer, place["out"], "y"), [np.tanh(cells[2])], rtol=1e-5)
    np.testing.assert_allclose(plotted(explorer, place["in"], "y"), [PULSES[1]], atol=1e-6)
    np.testing.assert_allclose(plotted(explorer, 3, "y")[:3], cells[:3], rtol=1e-5)
    assert np.isnan(plotted(explorer, 3, "y")[3:]).all()
    explorer.get_by_role("button", name="Let it run").click()
    expect(step).to_have_value(str(len(PULSES)))
    page.wait_for_function("([div, now]) => div.data[now].x[0] === 12", arg=[figure, place["now"]])
    np.testing.assert_allclose(plotted(explorer, place["level"], "y"), [cells[-1]], rtol=1e-5)
    assert watch == Watch()
