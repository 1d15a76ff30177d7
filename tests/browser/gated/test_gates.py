"""The brush over gates in JupyterLab: what the page shows is what the LSTM does, by mouse and by keyboard."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.gated.gates import QUANTITIES, Brush, describe_gates, levels

from ..conftest import Watch
from ..page import at, control, made_by, plotted, pull, show, wait_for_sentence

pytestmark = pytest.mark.browser

TEXT = "the value is"
# The same cell makes the network here and in the kernel; larger weights than a new network's let the gates differ.
NETWORK = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
model = sv.models.LSTM(30, 8, 30)
for parameter in model.parameters():
    parameter.data.mul_(3)
"""
GATES = f"sv.explore.gates(model, sv.data.PROSE_ALPHABET, {TEXT!r}, threshold=0.5, step=3)"


@pytest.fixture
def made() -> dict:
    return made_by(NETWORK)


def test_the_threshold_is_dragged_and_the_span_widened(page: Page, watch: Watch, made: dict):
    explorer = show(page, NETWORK, GATES)
    trace = sv.traces.trace_gates(made["model"], sv.data.PROSE_ALPHABET, TEXT)

    def assert_shown(quantity: str, threshold: float, width: int, start: int) -> None:
        brush = Brush(trace, quantity, threshold, width)
        wait_for_sentence(explorer, describe_gates(brush, start))
        np.testing.assert_allclose(plotted(explorer, 2, "y"), [threshold, threshold], atol=1e-6)
        np.testing.assert_allclose(
            plotted(explorer, 3, "z"), QUANTITIES[quantity](trace).T, rtol=1e-4, atol=1e-6
        )  # the heat map
        first, last = brush.span(start)
        frame = plotted(explorer, 4, "x")
        np.testing.assert_allclose([frame.min(), frame.max()], [first + 0.5, last + 1.5])
        lit = (brush.values[first : last + 1] >= threshold).all(0)
        np.testing.assert_array_equal(~np.isnan(plotted(explorer, 6, "y")), lit)
        shown = explorer.locator(".seqviz-strip button").evaluate_all("(all) => all.map((one) => one.level)")
        np.testing.assert_allclose(np.array(shown, dtype=float), levels(brush, start), atol=1e-6)

    erases = "erases: 1 − f_t"
    assert_shown(erases, 0.5, 1, 3)

    # by hand: the dashed line is pulled down, then another character is clicked
    pull(page, at(explorer, ("xaxis", 6), ("yaxis", 0.5)), at(explorer, ("xaxis", 6), ("yaxis", 0.3)))
    expect(control(explorer, "Threshold")).to_have_value("0.3")
    page.mouse.click(*at(explorer, ("xaxis", 6), "yaxis2"))
    assert_shown(erases, 0.3, 1, 5)

    page.mouse.move(0, 0)
    control(explorer, "Every cell").select_option("writes: input gate i_t")
    assert_shown("writes: input gate i_t", 0.3, 1, 5)

    width = control(explorer, "Steps in a row")
    width.focus()
    page.keyboard.press("End")
    assert_shown("writes: input gate i_t", 0.3, 4, 5)
    control(explorer, "Span from step").focus()
    page.keyboard.press("End")
    assert_shown("writes: input gate i_t", 0.3, 4, len(TEXT) - 1)
    assert watch == Watch()


def test_a_threshold_pulled_slowly_keeps_the_step_and_after_it_pointing_shows_another(page: Page, watch: Watch):
    explorer = show(page, NETWORK, GATES)
    x, y = at(explorer, ("xaxis", 9), ("yaxis", 0.5))
    page.mouse.move(x, y)
    page.mouse.down()
    for pixels in range(4):  # a hand begins with a pixel at a time
        page.mouse.move(x + pixels, y)
    page.mouse.move(*at(explorer, ("xaxis", 9), ("yaxis", 0.3)))
    expect(control(explorer, "Threshold")).to_have_value("0.3")
    expect(control(explorer, "Span from step")).to_have_value("3")
    page.mouse.up()
    page.mouse.move(*at(explorer, ("xaxis", 6), ("yaxis", 0.3)))
    expect(explorer).to_have_attribute("data-selected", "5")
    assert watch == Watch()


def test_a_pulled_threshold_leaves_the_step_alone(page: Page, watch: Watch, made: dict):
    explorer = show(page, NETWORK, GATES)
    trace = sv.traces.trace_gates(made["model"], sv.data.PROSE_ALPHABET, TEXT)
    pull(page, at(explorer, ("xaxis", 6), ("yaxis", 0.5)), at(explorer, ("xaxis", 8), ("yaxis", 0.3)))
    page.mouse.move(0, 0)  # where it was left, it points at a step
    expect(control(explorer, "Threshold")).to_have_value("0.3")
    wait_for_sentence(explorer, describe_gates(Brush(trace, "erases: 1 − f_t", 0.3, 1), 3))
    expect(control(explorer, "Span from step")).to_have_value("3")
    expect(explorer).to_have_attribute("data-selected", "3")
    assert watch == Watch()
