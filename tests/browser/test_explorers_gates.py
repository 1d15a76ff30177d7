"""Explorers of gates in JupyterLab: what the page shows is what the LSTM does, by mouse and by keyboard."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.gates import QUANTITIES, Brush, describe_clamp, describe_gates, levels
from seqviz.plots.regimes import describe_regime
from seqviz.widgets.explorers.gates import PULSES, START

from .conftest import Lab, Watch
from .page import at, control, made_by, plotted, pull, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser

TEXT = "the value is"
WORDS = ["the", "aunts", ",", "who", "saw", "the", "boy", ",", "slept", "like"]
ANSWERS = ("king", "queen", "kings", "queens")
# The same cell makes the networks here and in the kernel; larger weights than a new network's let the gates differ.
NETWORKS = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
words = sv.data.AGREEMENT_VOCABULARY
model = sv.models.LSTM(30, 8, 30)
story = sv.models.LSTM(len(words), 6, len(words))
for parameter in (*model.parameters(), *story.parameters()):
    parameter.data.mul_(3)
"""
GATES = f"sv.explore.gates(model, sv.data.PROSE_ALPHABET, {TEXT!r}, threshold=0.5, step=3)"


@pytest.fixture
def made() -> dict:
    return made_by(NETWORKS)


def test_the_threshold_is_dragged_and_the_span_widened(page: Page, lab: Lab, watch: Watch, made: dict):
    explorer = show(page, lab, NETWORKS, GATES)
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
        np.testing.assert_allclose([frame.min(), frame.max()], [first - 0.5, last + 0.5])
        lit = (brush.values[first : last + 1] >= threshold).all(0)
        np.testing.assert_array_equal(~np.isnan(plotted(explorer, 6, "y")), lit)
        shown = explorer.locator(".seqviz-strip button").evaluate_all("(all) => all.map((one) => one.level)")
        np.testing.assert_allclose(np.array(shown, dtype=float), levels(brush, start), atol=1e-6)

    erases = "erases: 1 − f_t"
    assert_shown(erases, 0.5, 1, 3)

    # by hand: the dashed line is pulled down, then another character is clicked
    pull(page, at(explorer, ("xaxis", 6), ("yaxis", 0.5)), at(explorer, ("xaxis", 6), ("yaxis", 0.3)))
    expect(control(explorer, "Threshold")).to_have_value("0.3")
    page.mouse.click(*at(explorer, ("xaxis", 5), "yaxis2"))
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


def test_a_pulled_threshold_leaves_the_step_alone(page: Page, lab: Lab, watch: Watch, made: dict):
    explorer = show(page, lab, NETWORKS, GATES)
    trace = sv.traces.trace_gates(made["model"], sv.data.PROSE_ALPHABET, TEXT)
    pull(page, at(explorer, ("xaxis", 6), ("yaxis", 0.5)), at(explorer, ("xaxis", 8), ("yaxis", 0.3)))
    page.mouse.move(0, 0)  # where it was left, it points at a step
    expect(control(explorer, "Threshold")).to_have_value("0.3")
    wait_for_sentence(explorer, describe_gates(Brush(trace, "erases: 1 − f_t", 0.3, 1), 3))
    expect(control(explorer, "Span from step")).to_have_value("3")
    expect(explorer).to_have_attribute("data-selected", "3")
    assert watch == Watch()


def test_a_gate_is_held_at_the_word_pointed_at(page: Page, lab: Lab, watch: Watch, made: dict):
    explorer = show(page, lab, NETWORKS, f"sv.explore.clamp(story, words, {WORDS!r}, {ANSWERS!r}, unit=2, step=4)")

    def assert_shown(gate: str, held: float, alone: bool, unit: int, step: int) -> None:
        trace = sv.traces.trace_clamp(made["story"], made["words"], WORDS, gate, held, unit, alone)
        wait_for_sentence(explorer, describe_clamp(trace, ANSWERS, step))
        np.testing.assert_allclose(plotted(explorer, 0, "y"), trace.free_cells, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(plotted(explorer, 1, "y"), trace.cells[step], rtol=1e-4, atol=1e-5)
        chosen = [trace.outputs.index(answer) for answer in ANSWERS]
        np.testing.assert_allclose(plotted(explorer, 4, "x"), trace.probabilities[step, chosen], rtol=1e-4)

    assert_shown("forget", 0.0, True, 2, 4)
    page.mouse.click(*at(explorer, ("xaxis", 6), "yaxis"))
    assert_shown("forget", 0.0, True, 2, 6)
    page.mouse.move(0, 0)
    control(explorer, "Gate").select_option("input")
    assert_shown("input", 0.0, True, 2, 6)
    control(explorer, "Held").select_option("open (1)")
    assert_shown("input", 1.0, True, 2, 6)
    control(explorer, "Whose").select_option("all cells'")
    assert_shown("input", 1.0, False, 2, 6)
    set_range(control(explorer, "Cell"), 5)
    assert_shown("input", 1.0, False, 5, 6)
    control(explorer, "At step").focus()
    page.keyboard.press("Home")
    assert_shown("input", 1.0, False, 5, 0)
    assert watch == Watch()


def test_the_hand_moves_a_cell_from_corner_to_corner(page: Page, lab: Lab, watch: Watch):
    explorer = show(page, lab, "sv.explore.regimes()")

    def assert_shown(forget: float, write: float, reading: int) -> None:
        trace = sv.traces.trace_regime(forget, write, PULSES, START)
        wait_for_sentence(explorer, describe_regime(trace, reading))
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
