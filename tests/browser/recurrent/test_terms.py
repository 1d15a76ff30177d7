"""The explorer of a gradient's terms in JupyterLab: they add up to autograd's gradient."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.recurrent.terms import corner, describe_terms, relative_error

from ..conftest import Watch
from ..page import MODEL, TEXT, control, made_by, plotted, show, wait_for_sentence

pytestmark = pytest.mark.browser


@pytest.fixture
def model() -> sv.models.RNN:
    return made_by(MODEL)["model"]


def test_terms_add_up_to_autograds_gradient(page: Page, watch: Watch, model):
    explorer = show(page, MODEL, "sv.explore.terms(model, alphabet, text)")
    trace = sv.traces.trace_terms(model, sv.data.PROSE_ALPHABET, TEXT)
    reach = control(explorer, "Steps back")
    reach.focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_terms(trace, 0))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), corner(trace.reaching_back(0)), atol=1e-6)
    page.keyboard.press("End")
    wait_for_sentence(explorer, describe_terms(trace, len(TEXT) - 2))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), corner(trace.autograd), atol=1e-5)
    np.testing.assert_allclose(plotted(explorer, 1, "z"), corner(trace.autograd), atol=1e-6)
    assert watch == Watch()


def test_what_is_missing_falls_as_the_sum_grows(page: Page, watch: Watch, model):
    explorer = show(page, MODEL, "sv.explore.terms(model, alphabet, text)")
    last = len(TEXT) - 2
    trace = sv.traces.trace_terms(model, sv.data.PROSE_ALPHABET, TEXT)
    control(explorer, "Steps back").press("Home")
    explorer.get_by_role("button", name="Add the terms").click()
    expect(control(explorer, "Steps back")).to_have_value(str(last))
    expect(explorer).to_have_attribute("data-selected", str(last))
    curve = plotted(explorer, 2, "y")
    np.testing.assert_allclose(curve[:last], [relative_error(trace, reach) for reach in range(last)], rtol=1e-3)
    control(explorer, "Steps back").press("ArrowLeft")
    control(explorer, "Steps back").press("ArrowLeft")
    expect(explorer).to_have_attribute("data-selected", str(last - 2))
    curve = plotted(explorer, 2, "y")
    np.testing.assert_allclose(
        curve[: last - 1], [relative_error(trace, reach) for reach in range(last - 1)], rtol=1e-3
    )
    assert np.isnan(curve[last - 1 :]).all()
    assert watch == Watch()
