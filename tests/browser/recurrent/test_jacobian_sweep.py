"""The product of Jacobians in JupyterLab: it follows both numbers and the non-linearity."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.recurrent.jacobian_sweep import describe_jacobian_sweep, on_log_axis
from seqviz.widgets.explorers.recurrent.jacobian_sweep import RADII

from ..conftest import Watch
from ..page import control, plotted, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser


def test_the_product_follows_both_numbers_and_the_nonlinearity(page: Page, watch: Watch):
    explorer = show(page, "sv.explore.jacobian_sweep()")
    expected = sv.traces.trace_jacobian_sweep(RADII, 4.0, 40, "none")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 9))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), expected.norms[9], rtol=1e-5)

    control(explorer, "Non-linearity").select_option("tanh")
    set_range(control(explorer, "Largest singular value"), 8)
    expected = sv.traces.trace_jacobian_sweep(RADII, 8.0, 40, "tanh")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 9))
    radius = control(explorer, "Spectral radius")
    radius.focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 0))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), on_log_axis(expected.norms[0]), rtol=1e-5)
    x, y = plotted(explorer, 1, "x"), plotted(explorer, 1, "y")
    np.testing.assert_allclose(y, 8.0**x, rtol=1e-4)
    assert np.isnan(plotted(explorer, 2, "y")[1]), "no power of zero on a log axis"

    control(explorer, "Steps T").press("End")
    expected = sv.traces.trace_jacobian_sweep(RADII, 8.0, 60, "tanh")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 0))
    assert len(plotted(explorer, 0, "y")) == 61
    assert watch == Watch()
