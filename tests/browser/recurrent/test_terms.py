"""The explorer of a gradient's terms in JupyterLab: they add up to autograd's gradient."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.recurrent.terms import corner, describe_terms

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
