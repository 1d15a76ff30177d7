"""Curves, maps, bars and words that move are drawn by us, as plotly draws them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from benchmarks.pages import opened_page
from seqviz.cli import main
from tests.notebooks.writing import write_notebook

from .conftest import Watch
from .language.test_sampling import MAKE, SAMPLING
from .page import EXPLORERS, MODEL, wait_until_it_fills
from .self_attention.test_order import ORDER

pytestmark = pytest.mark.browser

BOTH = Path(__file__).with_name("both.js").read_text(encoding="utf-8").split("\n", 1)[1].rstrip().rstrip(";")
ATTENTION = (
    "sv.models.AttentionOnly(3, 4, 4, 2, 2, may_attend=torch.ones(1, 4, 4).tril().bool()),"
    " sv.data.Tokenizer.of_words('abc'), 'a b c a'"
)
# What there is to compare: curves, one with its dots, one with gaps; a map; maps with numbers, some of them hidden;
# words, of which some are out of sight; areas; bars that stand and that lie, some of them one over the other.
DRAWN = {
    "gradient_ribbon": (EXPLORERS[2], {"curves"}),
    "terms": (EXPLORERS[3], {"curves", "cells"}),
    "stages": (f"sv.explore.stages({ATTENTION})", {"cells", "numbers"}),
    "regimes": ("sv.explore.regimes()", {"curves", "words", "bars"}),
    "order": (ORDER, {"bars"}),
    "run": (EXPLORERS[1], {"bars", "curves", "words"}),
    "clocks": ("sv.explore.clocks(2, 2, 4)", {"curves", "words"}),
    "task": ("sv.explore.task()", {"curves", "words"}),
    "sampling": (SAMPLING, {"curves", "words"}),
}


# a page may have 3 MB
PAGES = {"01_drawn": [name for name in DRAWN if name != "sampling"], "02_drawn": ["sampling"]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    notebooks = [
        write_notebook(
            folder / f"{stem}.ipynb", "# Drawn\n\n**By whom?**", MODEL + MAKE, *(DRAWN[name][0] for name in names)
        )
        for stem, names in PAGES.items()
    ]
    assert main(["export", *map(str, notebooks), "--out", str(folder / "site")]) == 0
    return folder / "site"


@contextmanager
def opened(browser: Browser, site: Path, watch: Watch, name: str) -> Iterator[Locator]:
    """Open the page of an explorer; give its place."""
    stem, names = next(item for item in PAGES.items() if name in item[1])
    with opened_page(browser, site / f"{stem}.html", watch) as page:
        place = page.locator(".recorded").nth(names.index(name))
        place.scroll_into_view_if_needed()
        yield place


@pytest.mark.parametrize("name", DRAWN)
def test_what_we_draw_is_what_plotly_draws(browser: Browser, site: Path, watch: Watch, name: str):
    with opened(browser, site, watch, name) as place:
        slider = place.locator("input[type=range]").last
        slider.press("Home")
        for step in range(4):
            expect(place.locator(".seqviz")).to_have_attribute("data-selected", str(step))
            both = place.locator(".seqviz").evaluate(BOTH)
            assert {kind for kind, pairs in both.items() if pairs} == DRAWN[name][1]
            for pairs in both.values():
                for ours, theirs in pairs:
                    assert ours == pytest.approx(theirs, abs=0.6)
            slider.press("ArrowRight")
    assert watch == Watch()


@pytest.mark.parametrize(
    ("name", "drawn", "count"),
    [("regimes", ".lines > path:not([d='']), .points > path.seqviz-curve", 2), ("order", ".seqviz-bars", 1)],
)
def test_a_click_on_the_legend_takes_a_trace_away_and_brings_it_back(
    browser: Browser, site: Path, watch: Watch, name: str, drawn: str, count: int
):
    with opened(browser, site, watch, name) as place:
        entry = place.locator(".legendtoggle").nth(1)
        slider = place.locator("input[type=range]").last
        for width in (1100, 720):  # a figure is drawn anew for another width
            place.page.set_viewport_size({"width": width, "height": 1000})
            wait_until_it_fills(place)
            slider.press("Home")
            expect(place.locator(".seqviz")).to_have_attribute("data-selected", "0")
            before = place.locator(drawn).count()
            assert before
            entry.click()
            expect(place.locator(drawn)).to_have_count(before - count)
            slider.press("ArrowRight")
            expect(place.locator(".seqviz")).to_have_attribute(
                "data-selected", "1"
            )  # and the click has selected nothing
            expect(place.locator(drawn)).to_have_count(before - count)
            entry.click()
            expect(place.locator(drawn)).to_have_count(before)
    assert watch == Watch()


# Where a point of a trace is in the window, and its numbers.
POINT = """(figure, [uid, i]) => {
  const { x, y } = figure.data.find((trace) => trace.uid === uid);
  const { xaxis, yaxis } = figure._fullLayout;
  const box = figure.getBoundingClientRect();
  return [box.x + xaxis._offset + xaxis.d2p(x[i]), box.y + yaxis._offset + yaxis.d2p(y[i]), y[i]];
}"""


def test_a_number_under_a_hand_is_written_as_in_the_sentence(browser: Browser, site: Path, watch: Watch):
    with opened(browser, site, watch, "gradient_ribbon") as place:
        figure = place.locator(".seqviz-figure")
        figure.scroll_into_view_if_needed()
        place.page.mouse.move(*figure.evaluate(POINT, ["curve", 2])[:2])  # a hand over a step selects it
        expect(place.locator(".seqviz-sentence")).to_contain_text("t = 3,")
        x, y, value = figure.evaluate(POINT, ["curve", 2])
        place.page.mouse.move(x, y)
        said = figure.locator(".hovertext")
        expect(said).to_contain_text("k = 3")
        mantissa, power = f"{value:.2e}".split("e")
        assert (said.text_content() or "").replace("\u200b", "") == f"k = 3: {mantissa} · 10−{-int(power)}"
    assert watch == Watch()
