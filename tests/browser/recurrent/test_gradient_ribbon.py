"""The ribbon of gradients in JupyterLab: autograd's numbers, by mouse and by keyboard."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page

import seqviz as sv
from seqviz.plots.recurrent.gradient_ribbon import describe_gradient_ribbon, strip_levels

from ..conftest import Watch
from ..page import MODEL, TEXT, control, made_by, plotted, point_at, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser


@pytest.fixture
def model() -> sv.models.RNN:
    return made_by(MODEL)["model"]


def dots(explorer: Locator) -> list[list[float]]:
    """Return the middle of every dot that is drawn for the curve, in pixels of its plot."""
    path = explorer.locator(".tracecurve .points .seqviz-curve").get_attribute("d") or ""
    return [[float(x) - 3.5, float(y)] for x, y in re.findall(r"M(-?[\d.]+),(-?[\d.]+)a3\.5,3\.5", path)]


def points(explorer: Locator) -> list[list[float]]:
    """Return where plotly's axes have every point of the curve."""
    return explorer.locator(".seqviz-figure").evaluate(
        """({ data: [{ x, y }], _fullLayout: { xaxis, yaxis } }) =>
             Array.from(x, (_, i) => [xaxis.l2p(xaxis.d2l(x[i])), yaxis.l2p(yaxis.d2l(y[i]))])"""
    )


def test_ribbon_shows_autograds_gradients_under_every_hand(page: Page, watch: Watch, model):
    explorer = show(page, MODEL, "sv.explore.gradient_ribbon(model, alphabet, text)")
    trace = sv.traces.trace_gradient_ribbon(model, sv.data.PROSE_ALPHABET, TEXT)
    last = len(TEXT) - 2
    np.testing.assert_allclose(plotted(explorer, 0, "y"), trace.norms[last], rtol=1e-5)

    # the mouse on the figure: pointing at the column of step 8 selects its loss
    point_at(explorer, 8)
    wait_for_sentence(explorer, describe_gradient_ribbon(trace, 7))
    np.testing.assert_allclose(plotted(explorer, 0, "y")[:8], trace.norms[7, :8], rtol=1e-5)
    assert np.isnan(plotted(explorer, 0, "y")[8:]).all()
    np.testing.assert_allclose(dots(explorer), points(explorer)[:8], atol=0.01)
    levels = explorer.locator(".seqviz-strip button").evaluate_all("(all) => all.map((b) => b.level)")
    expected = strip_levels(trace, 7)
    np.testing.assert_allclose(levels[:8], expected[:8], atol=1e-6)

    # the keyboard on the strip, one stop for the tab key
    explorer.locator(".seqviz-strip button").nth(5).click()
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_gradient_ribbon(trace, 6))
    # a hand that is quicker than the frames: nothing of this is drawn before the next
    explorer.locator(".seqviz-strip").evaluate(
        """(strip) => {
          strip.children[2].click();
          for (let i = 0; i < 2; i++) strip.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
        }"""
    )
    wait_for_sentence(explorer, describe_gradient_ribbon(trace, 4))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_gradient_ribbon(trace, 6))
    assert explorer.locator(".seqviz-strip button[tabindex='0']").count() == 1

    # the model itself: W_hh scaled to a spectral radius of 2
    set_range(control(explorer, "Spectral radius"), 2)
    scaled = sv.models.RNN(30, 16, 30)
    scaled.load_state_dict(model.state_dict())
    with torch.no_grad():
        scaled.W_hh *= 2 / torch.linalg.eigvals(model.W_hh).abs().max()
    moved = sv.traces.trace_gradient_ribbon(scaled, sv.data.PROSE_ALPHABET, TEXT)
    wait_for_sentence(explorer, describe_gradient_ribbon(moved, 6))
    np.testing.assert_allclose(plotted(explorer, 0, "y")[:7], moved.norms[6, :7], rtol=1e-4)
    assert watch == Watch()
