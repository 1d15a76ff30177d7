"""Every chapter, whole, in JupyterLab: no error, no request elsewhere, every picture drawn, in light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import JSHandle, Locator, Page

from benchmarks.jupyter import run_all

from .conftest import ROOT
from .page import document, faults, serious_violations, wait_until_it_fills

pytestmark = pytest.mark.browser

CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
SHOTS = Path(__file__).parent / "screenshots"


@pytest.mark.parametrize("stem", CHAPTERS)
def test_chapter_runs_draws_everything_and_asks_nobody(page, watch, stem):
    with document(page, f"notebooks/{stem}.ipynb") as notebook:
        run_all(page, timeout=180)
        widgets = notebook.locator(".seqviz")
        expected = page.evaluate(
            """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.filter((cell) =>
                 /sv\\.(explore\\.\\w+|show|quiz)\\(/.test(cell.source)).length"""
        )
        seen = 0
        SHOTS.mkdir(exist_ok=True)
        content = page.evaluate_handle("() => window.jupyterapp.shell.currentWidget.content")
        count = page.evaluate("(content) => content.widgets.length", content)
        for index in range(count):
            # JupyterLab draws a cell when it comes into view, and may take it away when it leaves
            page.evaluate("([content, index]) => content.scrollToItem(index)", [content, index])
            cell = notebook.locator(f".jp-Cell[data-windowed-list-index='{index}']")
            drawn = cell.locator(".seqviz")
            for number in range(drawn.count()):
                widget = drawn.nth(number)
                widget.scroll_into_view_if_needed()
                if not widget.evaluate("(root) => root.classList.contains('seqviz-quiz')"):
                    widget.locator("svg").first.wait_for()
                    assert widget.locator(".seqviz-sentence").inner_text()
                widget.screenshot(path=SHOTS / f"{stem}-{index:03}-{number}.png")
                seen += 1
        assert seen == expected
        assert not _faults_when_narrow(page, notebook, content, count)
        if widgets.count():
            assert not serious_violations(page, context=".seqviz")
        assert not watch.elsewhere
        assert not watch.errors


def _faults_when_narrow(
    page: Page, notebook: Locator, content: JSHandle, count: int
) -> dict[tuple[int, int], list[str]]:
    """What is wrong with any picture of the chapter in a window of 700 pixels."""
    page.set_viewport_size({"width": 700, "height": 1000})
    found = {}
    for index in range(count):
        page.evaluate("([content, index]) => content.scrollToItem(index)", [content, index])
        drawn = notebook.locator(f".jp-Cell[data-windowed-list-index='{index}'] .seqviz:not(.seqviz-quiz)")
        for number in range(drawn.count()):
            widget = drawn.nth(number)
            widget.scroll_into_view_if_needed()
            if widget.locator(".seqviz-figure").count():
                wait_until_it_fills(widget)
            if wrong := faults(widget):
                found[index, number] = wrong
    page.set_viewport_size({"width": 1200, "height": 1000})
    return found
