"""Pages from disk: no kernel, no network, and for the same controls the values of the live explorer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import seqviz as sv
from benchmarks.pages import opened_page
from seqviz.cli import main
from seqviz.widgets.explorer import Explorer
from seqviz.widgets.plotly_js import TRACES
from tests.notebooks.writing import write_notebook

from .conftest import Watch
from .page import (
    EXPLORERS,
    MODEL,
    TEXT,
    control,
    faults,
    made_by,
    plotted,
    point_at,
    serious_violations,
    set_range,
    violations,
    wait_for_sentence,
    wait_until_it_fills,
)

pytestmark = pytest.mark.browser

TITLE = "# A page\n\n**Does it move?** The state is $h_t$, and $$\\mathcal L = \\sum_{t=1}^{T} \\mathcal L_t$$"
A4 = 688  # px between its margins
TABLE = "| " + " | ".join(f"a long heading {i}" for i in range(12)) + " |\n" + "|---" * 12 + "|\n" + "| 1 " * 12 + "|"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    first = write_notebook(folder / "01_first.ipynb", TITLE, MODEL, *EXPLORERS, TABLE)
    second = write_notebook(
        folder / "02_second.ipynb", "# The next page\n\n**And then?** See [it](01_first.ipynb).", "print(2)"
    )
    assert main(["export", str(first), str(second), "--out", str(folder / "site")]) == 0
    return folder / "site"


@pytest.fixture
def page(browser: Browser, watch: Watch, site: Path) -> Iterator[Page]:
    with opened_page(browser, site / "01_first.html", watch) as page:
        yield page


def shown(page: Page, number: int) -> Locator:
    """Scroll to a recorded widget and return it, drawn."""
    place = page.locator(".recorded").nth(number)
    place.scroll_into_view_if_needed()
    explorer = place.locator(".seqviz")
    expect(explorer).to_be_visible()
    if number != 5:
        expect(explorer).to_have_attribute(
            "data-selected", "0" if number == 4 else str(live(number).values[swept(number)])
        )
    return explorer


def live(number: int) -> Explorer:
    """The same explorer in this process."""
    model, alphabet = made_by(MODEL)["model"], sv.data.PROSE_ALPHABET
    make = [
        sv.explore.unrolled,
        *(lambda e=e: e(model, alphabet, TEXT) for e in (sv.explore.run, sv.explore.gradient_ribbon, sv.explore.terms)),
    ]
    return make[number]()


def traces(figure: go.Figure) -> list[dict[str, Any]]:
    return [trace.to_plotly_json() for trace in figure.select_traces()]


def swept(number: int) -> str:
    return ("step", "step", "step", "reach")[number]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_recorded_explorer_follows_the_keyboard_as_the_live_one(page: Page, watch: Watch, number: int):
    explorer, kernel = shown(page, number), live(number)
    slider = explorer.locator("input[type=range]").last
    slider.press("Home")
    slider.press("ArrowRight")
    kernel.values = kernel.values | {swept(number): 1}
    figure, sentence = kernel.still()
    wait_for_sentence(explorer, sentence)
    for trace, drawn in enumerate(traces(figure)):
        for name in drawn.keys() & {"x", "y", "z"}:
            if not isinstance(drawn[name][0], str):
                expected = np.array(drawn[name], dtype=float)
                if (drawn.get("uid"), name) == ("missing", "y"):
                    expected[2:] = np.nan  # of the terms that are not added yet; a still has them all
                np.testing.assert_allclose(plotted(explorer, trace, name), expected, rtol=1e-5, atol=1e-6)
    assert watch == Watch()


def test_what_a_kernel_would_compute_was_recorded_for_every_place_of_a_slider(page: Page, watch: Watch):
    explorer, kernel = shown(page, 2), live(2)
    recorded = kernel.recording()["recorded"]["radius"]
    slider = control(explorer, "Spectral radius")
    assert len(recorded) == 12, "eleven, and the one it starts at"
    for place, radius in enumerate(recorded):
        set_range(slider, place)
        kernel.values = kernel.values | {"radius": radius}
        wait_for_sentence(explorer, kernel.still()[1])
        assert explorer.locator("output").first.inner_text() == f"{radius:.2f}"
        np.testing.assert_allclose(plotted(explorer, 0, "y"), traces(kernel.still()[0])[0]["y"], rtol=1e-5)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    kernel.values = kernel.values | {"radius": recorded[-2]}
    wait_for_sentence(explorer, kernel.still()[1])
    assert watch == Watch()


def test_a_scene_folds_changes_its_task_and_follows_the_mouse(page: Page, watch: Watch):
    explorer, kernel = shown(page, 0), live(0)
    control(explorer, "Task").select_option("one to many")
    set_range(control(explorer, "Steps T"), 4)
    kernel.values = kernel.values | {"shape": "one to many", "steps": 6}
    expect(explorer.locator("g[data-node^=h_]")).to_have_count(7)
    explorer.locator("g[data-node=h_6]").click()
    values = explorer.locator("g[data-node=h_6] .unit").evaluate_all("(all) => all.map((r) => Number(r.dataset.value))")
    np.testing.assert_allclose(values, kernel.content["scene"]["states"][5], atol=1e-6)
    explorer.get_by_role("button", name="Fold", exact=True).click()
    expect(explorer.get_by_role("button", name="Unfold")).to_be_visible()
    assert watch == Watch()


def test_pointing_at_a_recorded_figure_selects_a_step(page: Page, watch: Watch):
    explorer, kernel = shown(page, 2), live(2)
    point_at(explorer, 8)  # the eighth step
    kernel.values = kernel.values | {"step": 7}
    wait_for_sentence(explorer, kernel.still()[1])
    assert watch == Watch()


def test_what_needs_the_kernel_says_so_and_shows_the_recorded_text(page: Page, watch: Watch):
    box = control(shown(page, 1), "Type (only")
    assert box.input_value() == TEXT
    expect(box).to_have_attribute("readonly", "")
    expect(box).to_have_accessible_description("Typing needs the kernel: open the notebook to change the text.")
    assert watch == Watch()


def test_figures_quizzes_and_equations_are_there(page: Page, watch: Watch):
    figure = shown(page, 4)
    np.testing.assert_allclose(plotted(figure, 0, "y"), [3, 2, 1.5])
    quiz = shown(page, 5)
    quiz.get_by_role("radio", name="right").check()
    expect(quiz.locator(".seqviz-feedback")).to_have_text("✓ Right. Reading goes that way.")
    assert page.locator("math").count() == 2
    assert (page.locator("math").first.bounding_box() or {"width": 0})["width"] > 8
    assert watch == Watch()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 390])
def test_axe_finds_nothing_serious_and_nothing_leaves_the_screen(page: Page, watch: Watch, scheme, width: int):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    for number in range(6):
        shown(page, number)
    assert not serious_violations(page, preload=False)
    assert not {found["id"] for found in violations(page, preload=False)} & {"landmark-unique", "empty-table-header"}
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    background = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") == (scheme == "light")
    assert watch == Watch()


def test_a_phone_that_is_turned_and_turned_back_draws_every_figure_for_its_width(page: Page, watch: Watch):
    heights = []
    for width, height in ((390, 844), (844, 390), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for number in (1, 2, 3, 4):
            explorer = shown(page, number)
            wait_until_it_fills(explorer)
            assert not faults(explorer)
            heights.append((explorer.locator(".seqviz-figure").bounding_box() or {})["height"])
    assert heights[:4] == heights[8:]
    assert min(heights) > 200
    assert watch == Watch()


def test_printed_it_has_every_explorer_whole_on_the_paper(page: Page, watch: Watch, tmp_path: Path):
    page.emulate_media(color_scheme="dark")
    assert page.locator(".seqviz").count() < len(EXPLORERS), "what nobody has seen is not made"
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert page.locator(".recorded .seqviz").count() == len(EXPLORERS)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 900})
    # once the figures have taken up their width, nothing hangs over the edge
    page.wait_for_function(
        """() => [...document.querySelectorAll(".main-svg, .seqviz-scene svg, td:last-child, math")].every((drawn) => {
          const { left, right } = drawn.getBoundingClientRect();
          return left >= 0 && right <= innerWidth;
        })"""
    )
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert watch == Watch()


def test_the_traces_a_figure_may_have_are_those_that_the_bundle_draws(page: Page):
    assert set(page.evaluate("() => Object.keys(Plotly.PlotSchema.get().traces)")) == TRACES


def test_pages_lead_to_each_other(page: Page, watch: Watch):
    page.get_by_role("link", name="Next: The next page").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The next page")
    page.get_by_role("link", name="it", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A page")
    page.get_by_role("link", name="All chapters").first.click()
    expect(page.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("listitem").first).to_contain_text("Does it move?")
    assert watch == Watch()
