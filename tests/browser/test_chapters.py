"""Every chapter, whole, in a narrow JupyterLab: no error, no request elsewhere, every picture drawn and well laid out.

How the pictures lie in a wide window is asked of the exported pages (test_chapter_pages.py).
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from benchmarks.jupyter import run_all

from .conftest import ROOT, Watch
from .page import document, faults, lasting_violations, wait_until_it_fills

pytestmark = pytest.mark.browser

CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
SHOTS = Path(__file__).parent / "screenshots"


@pytest.mark.parametrize("stem", CHAPTERS)
def test_chapter_runs_draws_everything_and_asks_nobody(narrow: Page, page: Page, watch: Watch, stem: str):
    with document(page, f"notebooks/{stem}.ipynb") as notebook:
        run_all(page, timeout=180)
        expected = page.evaluate(
            """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.filter((cell) =>
                 /sv\\.(explore\\.\\w+|show|quiz)\\(/.test(cell.source)).length"""
        )
        seen, found = 0, {}
        SHOTS.mkdir(exist_ok=True)
        content = page.evaluate_handle("() => window.jupyterapp.shell.currentWidget.content")
        for index in range(page.evaluate("(content) => content.widgets.length", content)):
            # JupyterLab draws a cell when it comes into view, and may take it away when it leaves
            page.evaluate("([content, index]) => content.scrollToItem(index)", [content, index])
            widgets = notebook.locator(f".jp-Cell[data-windowed-list-index='{index}'] .seqviz")
            for number in range(widgets.count()):
                widget = widgets.nth(number)
                widget.scroll_into_view_if_needed()
                if not widget.evaluate("(root) => root.classList.contains('seqviz-quiz')"):
                    widget.locator("svg").first.wait_for()
                    assert widget.locator(".seqviz-sentence").inner_text()
                    if widget.locator(".seqviz-figure").count():
                        wait_until_it_fills(widget)
                    if wrong := faults(widget):
                        found[index, number] = wrong
                widget.screenshot(path=SHOTS / f"{stem}-{index:03}-{number}.png")
                seen += 1
        assert seen == expected
        assert not found
        if seen:
            assert not lasting_violations(page, ".seqviz")
        assert watch == Watch()
