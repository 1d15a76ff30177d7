"""Every explorer in JupyterLab: what the page shows is what the model says, by mouse and by keyboard."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

import seqviz as sv

from .conftest import Watch
from .page import (
    EXPLORERS,
    MODEL,
    TEXT,
    control,
    drawn,
    made_by,
    plotted,
    point_at,
    serious_violations,
    set_range,
    set_theme,
    show,
    wait_for_sentence,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def model() -> sv.models.RNN:
    return made_by(MODEL)["model"]


def test_run_shows_the_models_probabilities_while_you_type_and_scrub(page, lab, watch, model):
    explorer = show(page, lab, MODEL, EXPLORERS[1])
    trace = sv.traces.trace_run(model, sv.data.PROSE_ALPHABET, TEXT)
    np.testing.assert_allclose(plotted(explorer, 1, "x"), trace.probabilities[-1], atol=1e-6)
    np.testing.assert_allclose(plotted(explorer, 0, "z"), trace.states.T, atol=1e-6)

    step = control(explorer, "After step")
    step.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, sv.plots.describe_run(trace, 1))
    expect(explorer).to_have_attribute("data-selected", "1")
    np.testing.assert_allclose(plotted(explorer, 1, "x"), trace.probabilities[1], atol=1e-6)

    explorer.locator(".seqviz-strip button").nth(4).hover()
    wait_for_sentence(explorer, sv.plots.describe_run(trace, 4))

    box = control(explorer, "Type (only")
    box.fill("an unknown name")
    typed = sv.traces.trace_run(model, sv.data.PROSE_ALPHABET, "an unknown name")
    expect(explorer.locator(".seqviz-strip button")).to_have_count(15)
    explorer.locator(".seqviz-strip button").nth(14).click()
    wait_for_sentence(explorer, sv.plots.describe_run(typed, 14))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), typed.states.T, atol=1e-6)
    assert watch == Watch()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_is_redrawn_alone_is_what_plotly_draws_as_a_whole(page, lab, watch, number):
    moved = show(page, lab, MODEL, EXPLORERS[number], EXPLORERS[number])
    untouched = page.locator(".seqviz").first
    selected = int(moved.get_attribute("data-selected") or "")
    other = moved.locator(".seqviz-figure")
    other.evaluate("(div) => div.on('plotly_afterplot', () => (div.dataset.whole = true))")
    slider = moved.locator(".seqviz-controls input[type=range]").last
    slider.press("ArrowLeft")
    expect(moved).to_have_attribute("data-selected", str(selected - 1))
    assert drawn(moved) != drawn(untouched)
    slider.press("ArrowRight")
    expect(moved).to_have_attribute("data-selected", str(selected))
    assert drawn(moved) == drawn(untouched)
    assert other.get_attribute("data-whole") is None  # plotly itself was not asked
    assert watch == Watch()


def test_what_cannot_be_read_is_said_and_the_last_picture_stays(page, lab, watch, model):
    explorer = show(page, lab, MODEL, EXPLORERS[1])
    before = explorer.locator(".seqviz-sentence").inner_text()
    box = control(explorer, "Type (only")
    box.fill("naïve")
    expect(explorer.get_by_role("alert")).to_contain_text("got 'ï'")
    assert explorer.locator(".seqviz-sentence").inner_text() == before
    box.fill("")
    expect(explorer.get_by_role("alert")).to_contain_text("empty text")
    box.fill("naive")
    expect(explorer.get_by_role("alert")).to_have_text("")
    expect(explorer.locator(".seqviz-strip button")).to_have_count(5)
    assert watch == Watch()


def test_ribbon_shows_autograds_gradients_under_every_hand(page, lab, watch, model):
    explorer = show(page, lab, MODEL, EXPLORERS[2])
    trace = sv.traces.trace_gradients(model, sv.data.PROSE_ALPHABET, TEXT)
    last = len(TEXT) - 2
    np.testing.assert_allclose(plotted(explorer, 0, "y"), trace.norms[last], rtol=1e-5)

    # the mouse on the figure: pointing at the column of step 8 selects its loss
    point_at(explorer, 7)
    wait_for_sentence(explorer, sv.plots.describe_gradient_ribbon(trace, 7))
    np.testing.assert_allclose(plotted(explorer, 0, "y")[:8], trace.norms[7, :8], rtol=1e-5)
    assert np.isnan(plotted(explorer, 0, "y")[8:]).all()
    levels = explorer.locator(".seqviz-strip button").evaluate_all("(all) => all.map((b) => b.level)")
    expected = sv.plots.gradients.strip_levels(trace, 7)
    np.testing.assert_allclose(levels[:8], expected[:8], atol=1e-6)

    # the keyboard on the strip, one stop for the tab key
    explorer.locator(".seqviz-strip button").nth(5).click()
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, sv.plots.describe_gradient_ribbon(trace, 6))
    # a hand that is quicker than the frames: nothing of this is drawn before the next
    explorer.locator(".seqviz-strip").evaluate(
        """(strip) => {
          strip.children[2].click();
          for (let i = 0; i < 2; i++) strip.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
        }"""
    )
    wait_for_sentence(explorer, sv.plots.describe_gradient_ribbon(trace, 4))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, sv.plots.describe_gradient_ribbon(trace, 6))
    assert explorer.locator(".seqviz-strip button[tabindex='0']").count() == 1

    # the model itself: W_hh scaled to a spectral radius of 2
    set_range(control(explorer, "Spectral radius"), 2)
    scaled = sv.models.RNN(30, 16, 30)
    scaled.load_state_dict(model.state_dict())
    with torch.no_grad():
        scaled.W_hh *= 2 / torch.linalg.eigvals(model.W_hh).abs().max()
    moved = sv.traces.trace_gradients(scaled, sv.data.PROSE_ALPHABET, TEXT)
    wait_for_sentence(explorer, sv.plots.describe_gradient_ribbon(moved, 6))
    np.testing.assert_allclose(plotted(explorer, 0, "y")[:7], moved.norms[6, :7], rtol=1e-4)
    assert watch == Watch()


def test_terms_add_up_to_autograds_gradient(page, lab, watch, model):
    explorer = show(page, lab, MODEL, EXPLORERS[3])
    trace = sv.traces.trace_terms(model, sv.data.PROSE_ALPHABET, TEXT)
    corner = sv.plots.gradients.corner
    reach = control(explorer, "Steps back")
    reach.focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, sv.plots.describe_terms(trace, 0))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), corner(trace.reaching_back(0)), atol=1e-6)
    page.keyboard.press("End")
    wait_for_sentence(explorer, sv.plots.describe_terms(trace, len(TEXT) - 2))
    np.testing.assert_allclose(plotted(explorer, 0, "z"), corner(trace.autograd), atol=1e-5)
    np.testing.assert_allclose(plotted(explorer, 1, "z"), corner(trace.autograd), atol=1e-6)
    assert watch == Watch()


def test_unrolling_folds_steps_and_lights_a_weight_in_every_copy(page, lab, watch):
    explorer = show(page, lab, MODEL, EXPLORERS[0])
    places = lambda: explorer.locator("g[data-node^=h_]").evaluate_all(  # noqa: E731 read again after each move
        "(all) => all.map((g) => Number(g.getAttribute('transform').match(/-?[\\d.]+/)[0]))"
    )
    assert places() == sorted(set(places())), "unfolded, every state has a place of its own"

    explorer.get_by_role("button", name="W_hh").hover()
    expect(explorer.locator("path.lit")).to_have_count(4)
    assert set(explorer.locator("path.lit").evaluate_all("(all) => all.map((p) => p.dataset.parameter)")) == {"W_hh"}
    wait_for_sentence(explorer, "W_hh is used 4 times, at steps 1, 2, 3 and 4: one matrix, not 4.")
    explorer.get_by_role("button", name="W_xh").focus()
    page.keyboard.press("Enter")
    expect(explorer.get_by_role("button", name="W_xh")).to_have_attribute("aria-pressed", "true")

    control(explorer, "Task").select_option("one to many")
    expect(explorer.locator("g[data-node^=x_]")).to_have_count(1)
    set_range(control(explorer, "Steps T"), 6)
    expect(explorer.locator("g[data-node^=h_]")).to_have_count(7)

    control(explorer, "Step t").focus()
    page.keyboard.press("End")
    expect(explorer).to_have_attribute("data-selected", "5")
    shown = explorer.locator("g[data-node=h_6] rect").evaluate_all("(all) => all.map((r) => Number(r.dataset.value))")
    said = explorer.evaluate("(root) => root.querySelector('svg').getAttribute('aria-label')")
    assert "(" + ", ".join(f"{value:.2f}" for value in shown) + ")" in said
    explorer_here = sv.explore.unrolling()
    explorer_here.values = {**explorer_here.values, "shape": "one to many", "steps": 6}
    np.testing.assert_allclose(shown, explorer_here.content["scene"]["states"][5], atol=1e-6)

    fold = explorer.get_by_role("button", name="Fold", exact=True)
    fold.focus()
    page.keyboard.press("Enter")
    expect(explorer.get_by_role("button", name="Unfold")).to_be_visible()
    # folded, all states lie on each other
    page.wait_for_function(
        """() => new Set(Array.from(document.querySelectorAll("g[data-node^=h_]"),
                                 (g) => g.getAttribute("transform"))).size === 1"""
    )

    # the hand on the drawing itself: to the right unfolds
    drawing = explorer.locator("svg").bounding_box()
    page.mouse.move(drawing["x"] + 50, drawing["y"] + 20)
    page.mouse.down()
    page.mouse.move(drawing["x"] + 50 + drawing["width"], drawing["y"] + 20, steps=5)
    page.mouse.up()
    expect(explorer.get_by_role("button", name="Fold", exact=True)).to_be_visible()
    assert len(set(places())) == 7
    assert watch == Watch()


def test_less_motion_folds_at_once(page, lab, watch):
    page.emulate_media(reduced_motion="reduce")
    explorer = show(page, lab, MODEL, EXPLORERS[0])
    frames = explorer.evaluate(
        """async (root) => {
          const seen = new Set();
          root.addEventListener("seqviz:painted", () => seen.add(root.querySelector("input[step='0.01']").value));
          root.querySelector(".seqviz-parameters button").click();
          await new Promise((done) => setTimeout(done, 800));  // longer than the slide would take
          return [...seen];
        }"""
    )
    assert frames == ["0"]
    duration = explorer.locator("g[data-node=h_1]").evaluate("(g) => getComputedStyle(g).transitionDuration")
    assert duration == "0s"


def test_quiz_answers_by_keyboard_with_the_reason(page, lab, watch):
    quiz = show(page, lab, MODEL, EXPLORERS[5])
    quiz.get_by_role("radio", name="left").focus()
    page.keyboard.press("Space")
    expect(quiz.locator(".seqviz-feedback")).to_have_text("✗ Not this one. The other one.")
    page.keyboard.press("ArrowDown")
    expect(quiz.locator(".seqviz-feedback")).to_have_text("✓ Right. Reading goes that way.")
    assert watch == Watch()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_serious_in_either_theme(page, lab, watch, theme):
    show(page, lab, MODEL, *EXPLORERS)
    set_theme(page, theme)
    dark = theme.endswith("Dark")
    expect(page.locator(".seqviz-figure .xtick text").first).to_have_css(
        "fill", "rgba(255, 255, 255, 0.87)" if dark else "rgba(0, 0, 0, 0.87)"
    )
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()


def test_six_explorers_share_one_plotly_and_leave_a_small_notebook(page, lab, watch):
    show(page, lab, MODEL, *EXPLORERS)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    size = (lab.folder / "explorer.ipynb").stat().st_size
    assert size < 300_000, "one plotly.js alone would be 5 MB"
    assert page.evaluate("() => globalThis.seqvizFrontEnds.size") == 1


def test_a_reloaded_page_shows_what_was_there_also_after_an_error(page, lab, watch, model):
    explorer = show(page, lab, MODEL, EXPLORERS[1])
    control(explorer, "Type (only").fill("")
    expect(explorer.get_by_role("alert")).to_contain_text("empty text")
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.goto(f"{lab.url}/lab/tree/explorer.ipynb")
    restored = page.locator(".seqviz").last
    expect(restored).to_have_attribute("data-selected", str(len(TEXT) - 1))
    expect(restored.get_by_role("alert")).to_contain_text("empty text")
    trace = sv.traces.trace_run(model, sv.data.PROSE_ALPHABET, TEXT)
    np.testing.assert_allclose(plotted(restored, 0, "z"), trace.states.T, atol=1e-6)
    assert watch == Watch()
