"""The product of Jacobians in JupyterLab: it follows both numbers and the non-linearity."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.recurrent.jacobian_sweep import ON_ELLIPSE, describe_jacobian_sweep, on_log_axis
from seqviz.traces.recurrent.jacobian_sweep import NEAR
from seqviz.widgets.explorers.recurrent.jacobian_sweep import RADII, STEPS

from ..conftest import Watch
from ..page import control, plotted, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser


def test_the_product_follows_both_numbers_and_the_nonlinearity(page: Page, watch: Watch):
    explorer = show(page, "sv.explore.jacobian_sweep()")
    expected = sv.traces.trace_jacobian_sweep(RADII, 2.0, STEPS, "none")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 7))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), expected.norms[7], rtol=1e-5)

    control(explorer, "Non-linearity").select_option("tanh")
    set_range(control(explorer, "Largest singular value"), 8)
    expected = sv.traces.trace_jacobian_sweep(RADII, 8.0, STEPS, "tanh")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 7))
    radius = control(explorer, "Spectral radius")
    radius.focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 0))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), on_log_axis(expected.norms[0]), rtol=1e-5)
    x, y = plotted(explorer, 1, "x"), plotted(explorer, 1, "y")
    np.testing.assert_allclose(y, 8.0**x, rtol=1e-4)
    assert np.isnan(plotted(explorer, 2, "y")[1]), "no power of zero on a log axis"

    assert watch == Watch()


# Where the ellipse is drawn, in the numbers of its axes.
DRAWN = """(path) => {
  const { xaxis2: across, yaxis2: up } = path.closest(".seqviz-figure")._fullLayout;
  const places = [...Array(200).keys()].map((k) => path.getPointAtLength((k / 200) * path.getTotalLength()));
  return places.map(({ x, y }) => [across.p2c(x), up.p2c(y)]);
}"""


def test_the_circle_becomes_an_ellipse_step_by_step(page: Page, watch: Watch):
    explorer = show(page, "sv.explore.jacobian_sweep()")
    expected = sv.traces.trace_jacobian_sweep(RADII, 2.0, STEPS, "none")
    back = control(explorer, "Steps back")

    def longest_half_axis() -> float:
        return float(np.hypot(plotted(explorer, 5, "x"), plotted(explorer, 5, "y"))[:-1].max())

    for step in (1, 3):
        set_range(back, step)
        explorer.page.wait_for_function(
            "([div, step]) => div.data[3].x[0] === step",
            arg=[explorer.locator(".seqviz-figure").element_handle(), step],
        )
        np.testing.assert_allclose(plotted(explorer, 3, "y"), [expected.norms[7, step]], rtol=1e-5)
        # of a few points on the ellipse, none need be its end
        assert 0.9 * expected.norms[7, step] < longest_half_axis() <= expected.norms[7, step] * (1 + 1e-5)
        drawn = np.array(explorer.locator(".traceellipse .seqviz-curve").evaluate(DRAWN))
        back_on_circle = drawn @ np.linalg.inv(expected.products[7, step]).T
        np.testing.assert_allclose(np.linalg.norm(back_on_circle, axis=1), 1, atol=0.01)
        assert np.isnan(plotted(explorer, 4, "x")[(step + 1) * ON_ELLIPSE :]).all()
    explorer.get_by_role("button", name="Step by step").click()
    expect(back).to_have_value(str(NEAR))
    assert watch == Watch()
