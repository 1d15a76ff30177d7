"""The explorer of a run in JupyterLab: what the page shows is what the model says, by mouse and by keyboard."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.recurrent.run import SHOWN, describe_run
from seqviz.plots.theme import number
from seqviz.widgets.explorers.recurrent.run import LETTERS

from ..conftest import Watch
from ..page import MODEL, TEXT, at, control, made_by, plotted, reload_saved, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser


@pytest.fixture
def model() -> sv.models.RNN:
    return made_by(MODEL)["model"]


def test_run_shows_the_models_probabilities_while_you_type_and_scrub(page: Page, watch: Watch, model):
    explorer = show(page, MODEL, "sv.explore.run(model, alphabet, text)")
    trace = sv.traces.trace_run(model, sv.data.PROSE_ALPHABET, TEXT, LETTERS)
    np.testing.assert_allclose(plotted(explorer, 1, "x"), -np.sort(-trace.probabilities[-1])[:SHOWN], atol=1e-6)
    np.testing.assert_allclose(plotted(explorer, 0, "z"), trace.states.T, atol=1e-6)

    step = control(explorer, "After step")
    step.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_run(trace, 1))
    expect(explorer).to_have_attribute("data-selected", "1")
    np.testing.assert_allclose(plotted(explorer, 1, "x"), -np.sort(-trace.probabilities[1])[:SHOWN], atol=1e-6)

    explorer.locator(".seqviz-strip button").nth(4).hover()
    wait_for_sentence(explorer, describe_run(trace, 4))
    page.mouse.move(*at(explorer, ("xaxis", 3), ("yaxis", 2)))  # both count from 1
    state = number(trace.states[2, 1], ".3f")
    expect(explorer.locator(".hoverlayer .hovertext")).to_have_text(f"step 3, unit 2: h = {state}")
    wait_for_sentence(explorer, describe_run(trace, 2))

    box = control(explorer, "Type (only")
    box.fill("an unknown name")
    typed = sv.traces.trace_run(model, sv.data.PROSE_ALPHABET, "an unknown name", LETTERS)
    expect(explorer.locator(".seqviz-strip button")).to_have_count(15)
    explorer.locator(".seqviz-strip button").nth(14).click()
    wait_for_sentence(explorer, describe_run(typed, 14))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), typed.states.T, atol=1e-6)
    assert watch == Watch()


def test_a_click_on_a_row_of_the_states_paints_the_text_by_that_unit(page: Page, watch: Watch, model):
    explorer = show(page, MODEL, "sv.explore.run(model, alphabet, text)")
    trace = sv.traces.trace_run(model, sv.data.PROSE_ALPHABET, TEXT)
    expect(explorer.locator(".seqviz-caption")).to_contain_text("how much it had expected each character")
    page.mouse.click(*at(explorer, ("xaxis", 3), ("yaxis", 5)))
    expect(explorer.locator(".seqviz-caption")).to_contain_text("unit 5 of the state")
    expect(explorer).to_have_attribute("data-selected", "2")  # and its column selects the step
    paint = control(explorer, "Paint by")
    expect(paint).to_have_attribute("aria-valuetext", "unit 5")

    def painted() -> list[float]:
        return explorer.locator(".seqviz-strip").evaluate("(row) => Array.from(row.children, (token) => token.level)")

    np.testing.assert_allclose(painted(), (trace.states[:, 4] + 1) / 2, atol=1e-6)
    paint.press("ArrowRight")
    expect(explorer.locator(".seqviz-caption")).to_contain_text("unit 6 of the state")
    np.testing.assert_allclose(painted(), (trace.states[:, 5] + 1) / 2, atol=1e-6)
    paint.press("Home")
    expect(explorer.locator(".seqviz-caption")).to_contain_text("expected each character")
    assert watch == Watch()


def test_the_network_writes_on_from_the_step_that_is_selected(page: Page, watch: Watch, model):
    explorer = show(page, MODEL, "sv.explore.run(model, alphabet, text)")
    trace = sv.traces.trace_run(model, sv.data.PROSE_ALPHABET, TEXT, LETTERS)
    written = explorer.locator(".seqviz-written")
    letters = control(explorer, "Letters written")
    control(explorer, "After step").press("Home")
    set_range(letters, 7)
    expect(written).to_have_text("t" + trace.writings[0][:7].replace(" ", "␣"))
    control(explorer, "After step").press("ArrowRight")
    expect(written).to_have_text("th" + trace.writings[1][:7].replace(" ", "␣"))
    explorer.get_by_role("button", name="Write on from here").click()
    expect(letters).to_have_value(str(LETTERS))
    expect(written).to_have_text("th" + trace.writings[1].replace(" ", "␣"))
    assert watch == Watch()


def test_what_cannot_be_read_is_said_and_the_last_picture_stays(page: Page, watch: Watch, model):
    explorer = show(page, MODEL, "sv.explore.run(model, alphabet, text)")
    before = explorer.locator(".seqviz-sentence").inner_text()
    box = control(explorer, "Type (only")
    box.fill("naïve")
    expect(explorer.get_by_role("alert")).to_have_text("“ï” cannot be read: naïve")
    expect(explorer.locator("mark")).to_have_text(["ï"])
    expect(box).to_have_attribute("aria-invalid", "true")
    typed, said = (one.bounding_box() or {} for one in (box, explorer.get_by_role("alert")))
    assert abs(typed["x"] + typed["width"] - said["x"]) < 30 or abs(typed["y"] + typed["height"] - said["y"]) < 30
    assert box.input_value() == "naïve", "what was typed stays"
    box.fill(TEXT)  # as it was: no answer of the kernel takes the words away
    expect(explorer.get_by_role("alert")).to_have_text("")
    expect(box).to_have_attribute("aria-invalid", "false")
    box.fill("naïve Œuvre")
    expect(explorer.locator("mark")).to_have_text(["ï", "Œ"])
    assert explorer.locator(".seqviz-sentence").inner_text() == before
    box.fill("")
    expect(explorer.get_by_role("alert")).to_contain_text("empty text")
    box.fill("naive")
    expect(explorer.get_by_role("alert")).to_have_text("")
    expect(explorer.locator(".seqviz-strip button")).to_have_count(5)
    assert watch == Watch()


def test_a_reloaded_page_shows_what_was_there_also_after_an_error(page: Page, watch: Watch, model):
    explorer = show(page, MODEL, "sv.explore.run(model, alphabet, text)")
    control(explorer, "Type (only").fill("")
    expect(explorer.get_by_role("alert")).to_contain_text("empty text")
    reload_saved(page)
    restored = page.locator(".seqviz").last
    expect(restored).to_have_attribute("data-selected", str(len(TEXT) - 1))
    expect(restored.get_by_role("alert")).to_contain_text("empty text")
    trace = sv.traces.trace_run(model, sv.data.PROSE_ALPHABET, TEXT, LETTERS)
    np.testing.assert_allclose(plotted(restored, 0, "z"), trace.states.T, atol=1e-6)
    assert watch == Watch()
