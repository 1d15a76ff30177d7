"""What grading writes, in a real browser: summary and feedback ask no network, run nothing, fit every screen."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.pages import opened_page
from seqviz.grading.feedback import feedback_page
from seqviz.grading.gradebook import Graded, Key
from seqviz.grading.results import GRADED, UNREADABLE, Row
from seqviz.grading.summary import summary_page

from .conftest import Watch
from .page import serious_violations

pytestmark = pytest.mark.browser

HOSTILE = "<img src=https://example.org/x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


def student(name: str, points: float, status: str = GRADED) -> Graded:
    wrong = {
        "function": "leaky_step",
        "groups": [["one step", points, 2.0], ["alpha = 1", 0.0, 1.0]],
        "wrong": "Wrong values in h_t, first at batch 0, unit 0 (cases “one step”)",
        "mistake": ["a mistake with a name that is rather long and goes on", "Which of the two terms keeps it?"],
    }
    rows = [Row("leaky-check", points, 3.0, "ran", wrong["mistake"][0], detail=wrong if points < 3 else {})]
    key = Key(name, "01_toy", "s", "c")
    message = "" if status == GRADED else "not a notebook: not text in UTF-8"
    return Graded(key, "x.ipynb", "", "2026-11-20", status, message, [HOSTILE], [], 1.0 + points, rows)


CLASS = [
    student("Ada Lovelace", 3.0),
    student("学生 一", 2.0),
    student("\u202egnp.live", 0.0),
    student("x" * 150, 0.0, UNREADABLE),
    student(HOSTILE, 1.0),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 390])
@pytest.mark.parametrize("name", ["summary", "feedback", "unreadable"])
def test_pages_of_a_dirty_class(browser: Browser, watch: Watch, tmp_path: Path, name: str, scheme, width: int):
    path = tmp_path / "page.html"
    pages = {
        "summary": lambda: summary_page("01_toy", CLASS, [f"{HOSTILE}: passed over"]),
        "feedback": lambda: feedback_page(CLASS[4]),
        "unreadable": lambda: feedback_page(CLASS[3]),
    }
    path.write_text(pages[name](), encoding="utf-8")
    with opened_page(browser, path, watch) as page:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        title = page.title()
        assert title.startswith("01_toy: ")
        if name == "summary":
            widths = page.locator(".bar div").evaluate_all("(all) => all.map((one) => one.offsetWidth)")
            assert sum(width > 0 for width in widths) >= 6
        assert not serious_violations(page, preload=False)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("img").count() == 0
        assert page.title() == title
    assert watch == Watch()
