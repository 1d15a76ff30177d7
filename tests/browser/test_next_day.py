"""A notebook that was saved, opened again: with the kernel that ran it, and the next day with another."""

import shutil

import pytest
from playwright.sync_api import Page, expect

from benchmarks.jupyter import run_all, wait_for_kernel

from .conftest import Lab, Watch
from .page import IMPORTS, clear, document, reload_saved, wait_until_it_fills

pytestmark = pytest.mark.browser

CELLS = (
    "sv.explore.unrolled()",
    "sv.explore.regimes()",
    "sv.quiz('Which way?', {'left': 'The other one.', 'right': 'Reading goes that way.'}, right='right')",
    "from tqdm.notebook import trange\nfor _ in trange(3): pass",
)
DIRTY = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"
MOVE = "Run → Run All Cells to move this."


# all up to the active cell
RUN_UP_TO_HERE = """async () => {
  const { content } = window.jupyterapp.shell.currentWidget;
  await window.jupyterapp.commands.execute("notebook:run-all-above");
  await window.jupyterapp.commands.execute("notebook:run-cell");
}"""
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"


def test_the_next_day_pictures_and_words_stand_where_the_explorers_were(page: Page, lab: Lab, watch: Watch):
    clear(page)
    path = lab.notebook("yesterday.ipynb", IMPORTS, *CELLS)
    with document(page, path) as notebook:
        run_all(page)
        expect(notebook.locator(".seqviz")).to_have_count(3)
        reload_saved(page, path)
        front = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        wait_until_it_fills(front.locator(".seqviz").nth(1))  # the kernel still runs: so do its explorers
        assert not page.get_by_text(MOVE).count()
    shutil.copy(lab.folder / path, lab.folder / "today.ipynb")  # of which no kernel runs
    with document(page, "today.ipynb") as notebook:
        expect(notebook.get_by_text(MOVE)).to_have_count(2)
        expect(notebook.get_by_text("Run → Run All Cells to answer this.")).to_be_visible()
        expect(notebook.get_by_text("The cell goes from")).to_be_visible()
        pictures = notebook.locator(".jp-RenderedPlotly .main-svg:first-child")
        expect(pictures).to_have_count(2)
        height = (pictures.nth(1).bounding_box() or {})["height"]
        assert height == 420, "as high as it was"
        expect(notebook.get_by_text("model not found")).to_have_count(0)
        expect(notebook.get_by_text("0%|")).to_have_count(0)
        assert not page.evaluate(DIRTY), "nobody has touched it"
        run_all(page)
        wait_until_it_fills(notebook.locator(".seqviz").nth(1))
        expect(notebook.get_by_text(MOVE)).to_have_count(0)
    assert not watch.elsewhere


def test_after_a_restart_only_what_ran_again_moves(page: Page, lab: Lab):
    clear(page)
    path = lab.notebook("restarted.ipynb", IMPORTS, *CELLS[:2])
    with document(page, path) as notebook:
        run_all(page)
        expect(notebook.locator(".seqviz")).to_have_count(2)
        page.evaluate(RESTART)
        wait_for_kernel(page)
        reload_saved(page, path)
        notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        expect(notebook.get_by_text(MOVE)).to_have_count(2)
        expect(notebook.get_by_text("model not found")).to_have_count(0)
        page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2; }")
        page.evaluate(RUN_UP_TO_HERE)
        expect(notebook.get_by_text(MOVE)).to_have_count(0)
        page.evaluate(RESTART)
        wait_for_kernel(page)
        page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
        page.evaluate(RUN_UP_TO_HERE)
        reload_saved(page, path)
        notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        expect(notebook.get_by_text(MOVE)).to_have_count(1)
        expect(notebook.locator(".seqviz")).to_have_count(1)
        expect(notebook.get_by_text("model not found")).to_have_count(0)


def test_a_chapter_that_is_only_opened_does_not_count_as_modified(page: Page):
    with document(page, "notebooks/00_start_here.ipynb"):
        described = page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.context.model.getMetadata('language_info')"
        )
        assert described["version"], "the kernel has introduced itself"
        assert not page.evaluate(DIRTY)
