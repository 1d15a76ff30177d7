"""The stopwatch of pages tells the truth: it stops when the first figure is there, and not before."""

import pytest

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
