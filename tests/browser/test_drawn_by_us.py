"""Curves, maps and words that move are drawn by us, as plotly draws them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.pages import opened_page
from seqviz.cli import main
from tests.notebooks.writing import write_notebook

from .conftest import Watch
from .language.test_sampling import MAKE, SAMPLING
from .page import EXPLORERS, MODEL, wait_until_it_fills

pytestmark = pytest.mark.browser

BOTH = Path(__file__).with_name("both.js").read_text(encoding="utf-8").split("\n", 1)[1].rstrip().rstrip(";")
ATTENTION = (
    "sv.models.AttentionOnly(3, 4, 4, 2, 2, may_attend=torch.ones(1, 4, 4).tril().bool()),"
    " sv.data.Tokenizer.of_words('abc'), 'a b c a'"
)
# What there is to compare: curves, one with its dots, one with gaps; a map; maps with numbers, some of them hidden;
# words, of which some are out of sight; areas.
DRAWN = {
    "gradient_ribbon": (EXPLORERS[2], {"curves"}),
    "terms": (EXPLORERS[3], {"curves", "cells"}),
    "stages": (f"sv.explore.stages({ATTENTION})", {"cells", "numbers"}),
    "regimes": ("sv.explore.regimes()", {"curves", "words"}),
    "clocks": ("sv.explore.clocks(2, 2, 4)", {"curves", "words"}),
    "task": ("sv.explore.task()", {"curves", "words"}),
    "sampling": (SAMPLING, {"curves", "words"}),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    notebook = write_notebook(
        folder / "01_drawn.ipynb", "# Drawn\n\n**By whom?**", MODEL + MAKE, *(cell for cell, _ in DRAWN.values())
    )
    assert main(["export", str(notebook), "--out", str(folder / "site")]) == 0
    return folder / "site"


@pytest.fixture
def page(browser: Browser, watch: Watch, site: Path) -> Iterator[Page]:
    with opened_page(browser, site / "01_drawn.html", watch) as page:
        yield page


@pytest.mark.parametrize("name", DRAWN)
def test_what_we_draw_is_what_plotly_draws(page: Page, name: str):
    place = page.locator(".recorded").nth(list(DRAWN).index(name))
    place.scroll_into_view_if_needed()
    explorer = place.locator(".seqviz")
    expect(explorer).to_have_attribute("data-selected", re.compile(r"\d"))
    slider = explorer.locator("input[type=range]").last
    slider.press("Home")
    expect(explorer).to_have_attribute("data-selected", "0")
    for step in range(1, 4):
        both = explorer.evaluate(BOTH)
        assert {kind for kind, pairs in both.items() if pairs} == DRAWN[name][1]
        for pairs in both.values():
            for ours, theirs in pairs:
                assert ours == pytest.approx(theirs, abs=0.6)
        slider.press("ArrowRight")
        expect(explorer).to_have_attribute("data-selected", str(step))


def test_a_click_on_the_legend_takes_a_curve_away_and_brings_it_back(page: Page, watch: Watch):
    place = page.locator(".recorded").nth(list(DRAWN).index("regimes"))
    place.scroll_into_view_if_needed()
    drawn = place.locator(".lines > path:not([d='']), .points > path.seqviz-curve")
    entry = place.locator(".legendtoggle").nth(1)
    for width in (1100, 720):  # a figure is drawn anew for another width
        page.set_viewport_size({"width": width, "height": 1000})
        wait_until_it_fills(place)
        before = drawn.count()
        assert before
        entry.click()
        expect(drawn).to_have_count(before - 2)
        entry.click()
        expect(drawn).to_have_count(before)
    assert watch == Watch()
