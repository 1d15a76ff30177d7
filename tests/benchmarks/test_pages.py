"""The stopwatch of pages tells the truth: it stops when the first figure is there, and not before."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from benchmarks import explorers, pages
from benchmarks.jupyter import Watch
from benchmarks.pages import usable
from benchmarks.unwatched import unwatched_chromium

PAGE = """<!DOCTYPE html><p>Words.</p>
<div data-recording="asked"><svg></svg></div><script type="application/json" id="asked">{"kind": "quiz"}</script>
<div style="height: 3000px"></div>
<div data-recording="drawn"></div><script type="application/json" id="drawn">{"kind": "explorer"}</script>
<script>
new IntersectionObserver(([seen]) => seen.isIntersecting && setTimeout(() => (drawn.innerHTML = "<svg></svg>"), 400))
  .observe(document.querySelector("[data-recording=drawn]"));
const drawn = document.querySelector("[data-recording=drawn]");
</script>"""


@pytest.mark.browser
def test_a_page_is_usable_when_the_first_figure_is_drawn_and_a_quiz_is_none(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    with unwatched_chromium() as unwatched:
        times = usable(unwatched, page)
    assert times["usable"] > 400
    assert 0 < times["readable"] < times["usable"]


def test_each_explorer_of_a_page_is_measured_by_itself_in_all_passes(monkeypatch: pytest.MonkeyPatch):
    rounds = iter([(9.0, 5.0, 30.0), (8.0, 20.0, 40.0), (7.0, 21.0, 17.0)])

    def scrubbing(_: object, page: Path, __: object) -> Iterator[tuple[Path, str, explorers.Times]]:
        for title, painted in zip(("One", "Two", "Two"), next(rounds), strict=True):
            yield page, title, [{"painted": 1.0}, {"painted": painted}]

    monkeypatch.setattr(pages, "scrubbing", scrubbing)
    rows = list(pages.stepping(Mock(), [Path("05_lstm.html")], Watch()))
    assert [(row["page"], row["what"], row[""]) for row in rows] == [
        ("05_lstm", "One", "met"),
        ("05_lstm", "Two", "met"),
        ("05_lstm", "Two", "missed"),
    ]
