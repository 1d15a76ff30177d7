"""The explorers of gradients that vanish and explode, live in JupyterLab: by mouse, by keyboard, number by number."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots import jacobians
from seqviz.plots.cliff import describe_cliff, ways_of
from seqviz.plots.jacobians import describe_jacobian_sweep
from seqviz.plots.truncation import describe_truncation, reached_back_to
from seqviz.widgets.explorers.clipping import THRESHOLDS
from seqviz.widgets.explorers.jacobians import RADII

from .conftest import Lab, Watch
from .page import MODEL, TEXT, at, control, made_by, plotted, pull, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser


def test_the_product_follows_both_numbers_and_the_nonlinearity(page: Page, lab: Lab, watch: Watch):
    explorer = show(page, lab, "sv.explore.jacobian_product()")
    expected = sv.traces.sweep_radius(RADII, 4.0, 40, "none")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 9))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), expected.norms[9], rtol=1e-5)

    control(explorer, "Non-linearity").select_option("tanh")
    set_range(control(explorer, "Largest singular value"), 8)
    expected = sv.traces.sweep_radius(RADII, 8.0, 40, "tanh")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 9))
    radius = control(explorer, "Spectral radius")
    radius.focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 0))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), jacobians.on_log_axis(expected.norms[0]), rtol=1e-5)
    x, y = plotted(explorer, 1, "x"), plotted(explorer, 1, "y")
    np.testing.assert_allclose(y, 8.0**x, rtol=1e-4)
    assert np.isnan(plotted(explorer, 2, "y")[1]), "no power of zero on a log axis"

    control(explorer, "Steps T").press("End")
    expected = sv.traces.sweep_radius(RADII, 8.0, 60, "tanh")
    wait_for_sentence(explorer, describe_jacobian_sweep(expected, 0))
    assert len(plotted(explorer, 0, "y")) == 61
    assert watch == Watch()


def test_the_start_is_dragged_over_the_map_and_the_threshold_by_key(page: Page, lab: Lab, watch: Watch):
    explorer = show(page, lab, "sv.explore.clipping()")
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


def test_chunks_move_their_border_and_read_what_is_typed(page: Page, lab: Lab, watch: Watch):
    explorer = show(page, lab, MODEL, "sv.explore.chunks(model, alphabet, text)")
    model, alphabet = made_by(MODEL)["model"], sv.data.PROSE_ALPHABET
    trace = sv.traces.trace_truncation(model, alphabet, TEXT)
    wait_for_sentence(explorer, describe_truncation(trace, 4))

    length = control(explorer, "Steps in a chunk")
    length.focus()
    for chunk in (4, 3):
        page.keyboard.press("ArrowLeft")
        wait_for_sentence(explorer, describe_truncation(trace, chunk - 1))
        border = reached_back_to(len(trace.tokens), chunk) - 0.5
        np.testing.assert_allclose(plotted(explorer, 1, "x")[::2], border)
        np.testing.assert_allclose(plotted(explorer, 3, "x"), [chunk, chunk])
    np.testing.assert_allclose(plotted(explorer, 2, "y"), 100 * trace.missing, rtol=1e-4, atol=1e-3)

    control(explorer, "Type (only").fill("an unknown name")
    trace = sv.traces.trace_truncation(model, alphabet, "an unknown name")
    wait_for_sentence(explorer, describe_truncation(trace, 2))
    assert len(plotted(explorer, 2, "y")) == 14
    control(explorer, "Type (only").fill("q")
    expect(explorer.get_by_role("alert")).to_contain_text("at least two characters")
    assert watch == Watch()
