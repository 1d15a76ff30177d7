"""A student types a wrong and then a right answer in JupyterLab, with the keyboard alone, and sees both verdicts."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import ROOT, Watch
from .page import document, set_theme, violations

pytestmark = pytest.mark.browser

STEM = "02_unrolling"
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
SHOTS = Path(__file__).parent / "screenshots"
CELLS = [cell.id for cell in nbformat.read(ROOT / "exercises" / f"{STEM}.ipynb", as_version=4).cells]
HEAD = "def leaky_step(x_t, h, W_xh, W_hh, b_h, alpha): "
TANH = "torch.tanh(x_t @ W_xh.T + h @ W_hh.T + b_h)"
WRONG = f"{HEAD}return alpha * h + (1 - alpha) * {TANH}"
RIGHT = f"{HEAD}return (1 - alpha) * h + alpha * {TANH}"


def cell(page: Page, id: str) -> Locator:
    return page.locator(f".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell[data-windowed-list-index='{CELLS.index(id)}']")


def selected(page: Page) -> int:
    return page.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex")


def go_to(page: Page, id: str) -> None:
    """Move the selection with the arrow keys of JupyterLab's command mode."""
    page.keyboard.press("Escape")
    while (away := CELLS.index(id) - selected(page)) != 0:
        before = selected(page)
        page.keyboard.press("ArrowDown" if away > 0 else "ArrowUp")
        page.wait_for_function(
            "(before) => window.jupyterapp.shell.currentWidget.content.activeCellIndex !== before", arg=before
        )


def write(page: Page, text: str) -> None:
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Shift+Enter")


def verdict(page: Page) -> Locator:
    return cell(page, "leaky-step-check").get_by_role("status")


@pytest.fixture
def exercise(page: Page) -> Iterator[Page]:
    with document(page, f"exercises/{STEM}.ipynb") as notebook:
        expect(notebook.locator(".jp-Notebook.jp-mod-commandMode")).to_be_visible()
        page.wait_for_function("() => document.activeElement.closest('.jp-Notebook') !== null")
        go_to(page, "setup")
        page.keyboard.press("Shift+Enter")
        go_to(page, "leaky-step-code")
        yield page


def test_a_wrong_and_a_right_answer_by_keyboard(exercise: Page, watch: Watch):
    page = exercise
    write(page, WRONG)
    page.keyboard.press("Shift+Enter")
    expect(verdict(page)).to_contain_text("✗ leaky_step does not pass yet: 0 of 2 points")
    expect(verdict(page)).to_contain_text("A known mistake, “leak on the wrong term”")
    expect(verdict(page)).to_contain_text("With α = 1 nothing of the old state should be left")
    expect(verdict(page).get_by_role("row").filter(has_text="first difference at")).to_contain_text("batch 0, unit 0")

    go_to(page, "leaky-step-code")
    write(page, RIGHT)
    page.keyboard.press("Shift+Enter")
    expect(verdict(page)).to_have_text("✓ leaky_step passes: 2 of 2 points")

    page.keyboard.press("Shift+Enter")  # the picture, drawn with the function just written
    picture = cell(page, "leaky-step-picture").locator(".seqviz")
    expect(picture.locator("svg").first).to_be_visible()
    expect(picture.locator(".seqviz-sentence")).to_contain_text("Steps after the input ends")

    go_to(page, "progress")
    page.keyboard.press("Shift+Enter")
    expect(cell(page, "progress").get_by_role("status")).to_contain_text("1 of")
    assert not watch.elsewhere
    assert not watch.errors


def test_a_verdict_can_be_read_in_every_theme(exercise: Page):
    page = exercise
    write(page, WRONG)
    page.keyboard.press("Shift+Enter")
    expect(verdict(page)).to_be_visible()
    SHOTS.mkdir(exist_ok=True)
    for theme in THEMES:
        set_theme(page, theme)
        verdict(page).scroll_into_view_if_needed()
        cell(page, "leaky-step-check").screenshot(path=SHOTS / f"check-{theme}.png")
        assert violations(page, "[role='status'][aria-label='check of leaky_step']") == [], theme


def test_an_endless_loop_ends_and_the_kernel_goes_on(exercise: Page):
    page = exercise
    write(page, f"{HEAD}exec('while True: pass')")
    page.keyboard.press("Shift+Enter")
    expect(verdict(page)).to_contain_text("no answer within 5 s")
    go_to(page, "leaky-step-code")
    write(page, RIGHT)
    page.keyboard.press("Shift+Enter")
    expect(verdict(page)).to_have_text("✓ leaky_step passes: 2 of 2 points")
