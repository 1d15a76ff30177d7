"""The unrolled network in JupyterLab: it folds, lights its weights and follows every control."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.wording import worded

from ..conftest import Watch
from ..page import MODEL, control, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser


def test_unrolling_folds_steps_and_lights_a_weight_in_every_copy(page: Page, watch: Watch):
    explorer = show(page, MODEL, "sv.explore.unrolled()")
    places = lambda: explorer.locator("g[data-node^=h_]").evaluate_all(  # noqa: E731 read again after each move
        "(all) => all.map((g) => Number(g.getAttribute('transform').match(/-?[\\d.]+/)[0]))"
    )
    assert places() == sorted(set(places())), "unfolded, every state has a place of its own"

    explorer.get_by_role("button", name="Whh").hover()
    expect(explorer.locator("path.lit")).to_have_count(4)
    assert set(explorer.locator("path.lit").evaluate_all("(all) => all.map((p) => p.dataset.parameter)")) == {"W_hh"}
    wait_for_sentence(explorer, "W_hh is used 4 times, at steps 1, 2, 3 and 4: one matrix, not 4.")
    explorer.get_by_role("button", name="Wxh").focus()
    page.keyboard.press("Enter")
    expect(explorer.get_by_role("button", name="Wxh")).to_have_attribute("aria-pressed", "true")

    control(explorer, "Task").select_option("one to many")
    expect(explorer.locator("g[data-node^=x_]")).to_have_count(1)
    set_range(control(explorer, "Steps T"), 6)
    expect(explorer.locator("g[data-node^=h_]")).to_have_count(7)

    control(explorer, "Step t").focus()
    page.keyboard.press("End")
    expect(explorer).to_have_attribute("data-selected", "5")
    shown = explorer.locator("g[data-node=h_6] .unit").evaluate_all("(all) => all.map((r) => Number(r.dataset.value))")
    said = explorer.evaluate("(root) => root.querySelector('svg').getAttribute('aria-label')")
    assert worded("(" + ", ".join(f"{value:.2f}" for value in shown) + ")") in said
    explorer_here = sv.explore.unrolled()
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


def test_less_motion_folds_at_once(page: Page, watch: Watch):
    page.emulate_media(reduced_motion="reduce")
    explorer = show(page, MODEL, "sv.explore.unrolled()")
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
