"""What all explorers and quizzes share in JupyterLab: how they are drawn, read aloud and kept."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from .conftest import Lab, Watch
from .page import (
    EXPLORERS,
    IMPORTS,
    MODEL,
    NOTEBOOK,
    clear,
    control,
    document,
    drawn,
    reload_saved,
    save,
    serious_violations,
    set_theme,
    show,
)

pytestmark = pytest.mark.browser


# bars; curves; maps; words in boxes beside some that stay; several maps, each in a plot of its own
REDRAWN = {
    "run": EXPLORERS[1],
    "gradient_ribbon": EXPLORERS[2],
    "terms": EXPLORERS[3],
    "task": "sv.explore.task()",
    "stages": "sv.explore.stages(sv.models.AttentionOnly(3, 4, 4, 2, 2), sv.data.Tokenizer.of_words('abc'), 'a b c')",
}


@pytest.mark.parametrize("cell", REDRAWN.values(), ids=REDRAWN.keys())
def test_what_is_redrawn_alone_is_what_plotly_draws_as_a_whole(page: Page, watch: Watch, cell):
    seeded = f"torch.manual_seed(1); {cell}"
    moved = show(page, MODEL, seeded, seeded)
    untouched = page.locator(".seqviz").first
    selected = int(moved.get_attribute("data-selected") or "")
    other = moved.locator(".seqviz-figure")
    other.evaluate("(div) => div.on('plotly_afterplot', () => (div.dataset.whole = true))")
    slider = moved.locator(".seqviz-controls input[type=range]").last
    keys = [("ArrowLeft", selected - 1), ("ArrowRight", selected + 1)]
    (there, step), (back, _) = keys if selected else keys[::-1]
    slider.press(there)
    expect(moved).to_have_attribute("data-selected", str(step))
    assert drawn(moved) != drawn(untouched)
    slider.press(back)
    expect(moved).to_have_attribute("data-selected", str(selected))
    assert drawn(moved) == drawn(untouched)
    assert other.get_attribute("data-whole") is None  # plotly itself was not asked
    assert watch == Watch()


UNHURRIED = """
from seqviz.widgets import explorer
quick, explorer.QUICK = explorer.QUICK, 60  # a busy machine may take its time
"""
BUSY = """
import time
from pathlib import Path

at_once = ribbon._source


def patient(**asked):
    while not Path({path!r}).exists():
        time.sleep(0.02)
    return at_once(**asked | {{"radius": 0.5}})  # another network


ribbon._source = patient
"""


def test_a_hand_that_goes_on_or_back_sees_what_the_kernel_sent_ahead(page: Page, watch: Watch, tmp_path: Path):
    explorer = show(page, MODEL + UNHURRIED, f"ribbon = {EXPLORERS[2]}; ribbon")
    radius, sentence = control(explorer, "Spectral radius"), explorer.locator(".seqviz-sentence")
    seen = [sentence.inner_text()]
    radius.press("ArrowRight")
    expect(sentence).not_to_have_text(seen[0])
    seen.append(sentence.inner_text())
    expect(explorer).to_have_attribute("data-ahead", "3")
    run = "(code) => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code }).done"
    page.evaluate(run, BUSY.format(path=str(tmp_path / "go")))
    radius.press("ArrowRight")
    expect(sentence).not_to_have_text(seen[1])
    early = sentence.inner_text()
    assert early not in seen
    radius.press("ArrowLeft")
    radius.press("ArrowLeft")
    expect(sentence).to_have_text(seen[0])
    radius.press("ArrowRight")
    radius.press("ArrowRight")
    expect(sentence).to_have_text(early)
    serial = explorer.get_attribute("data-serial") or ""
    (tmp_path / "go").touch()
    # the kernel's own answer takes its place, if it is another: the network may have been trained meanwhile
    expect(explorer).not_to_have_attribute("data-serial", serial)
    expect(sentence).not_to_have_text(early)
    page.evaluate(run, "explorer.QUICK = quick")
    assert watch == Watch()


NEXT_ANSWER = """(root) => {
  window.painted = 0;
  root.addEventListener("seqviz:painted", () => (window.painted += 1));
  window.answered = new Promise((resolve) => {
    // what was sent ahead is dropped when the answer is there
    const seen = new MutationObserver(() => root.dataset.ahead === "0" && resolve());
    seen.observe(root, { attributeFilter: ["data-ahead"] });
  });
}"""
AFTER_TWO_FRAMES = """async () => {
  await window.answered;
  for (const _ of "ab") await new Promise(requestAnimationFrame);
  return window.painted;
}"""


def test_an_answer_that_was_sent_ahead_is_drawn_once(page: Page, watch: Watch):
    explorer = show(page, MODEL + UNHURRIED, EXPLORERS[2])
    radius, sentence = control(explorer, "Spectral radius"), explorer.locator(".seqviz-sentence")
    radius.press("ArrowRight")
    expect(explorer).to_have_attribute("data-ahead", "3")
    before = sentence.inner_text()
    explorer.evaluate(NEXT_ANSWER)
    radius.press("ArrowRight")
    expect(sentence).not_to_have_text(before)
    assert page.evaluate(AFTER_TWO_FRAMES) == 1
    assert watch == Watch()


def test_quiz_answers_by_keyboard_with_the_reason(page: Page, watch: Watch):
    quiz = show(page, MODEL, EXPLORERS[5])
    quiz.get_by_role("radio", name="left").focus()
    page.keyboard.press("Space")
    expect(quiz.locator(".seqviz-feedback")).to_have_text("✗ Not this one. The other one.")
    page.keyboard.press("ArrowDown")
    expect(quiz.locator(".seqviz-feedback")).to_have_text("✓ Right. Reading goes that way.")
    assert watch == Watch()


def test_stressed_words_and_code_of_a_quiz_are_set_as_such(page: Page, watch: Watch):
    question = "sv.quiz('Does *it* stay?', {'yes: 2 * 3': 'So `f(*x)` is *all* of it.', 'no': '?'}, right='no')"
    quiz = show(page, MODEL, question)
    expect(quiz.locator("legend")).to_have_text("Does it stay?")
    expect(quiz.locator("legend em")).to_have_text("it")
    quiz.get_by_role("radio", name="yes: 2 * 3").check()
    expect(quiz.locator(".seqviz-feedback code")).to_have_text("f(*x)")
    expect(quiz.locator(".seqviz-feedback em")).to_have_text("all")
    assert watch == Watch()


def test_after_shift_enter_the_controls_are_in_the_window(page: Page, lab: Lab, watch: Watch):
    words = "\n\n".join(["A paragraph of a chapter, with words that fill its lines. " * 9] * 6)
    markdown, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    cells = [markdown(words), code(IMPORTS), markdown(words), code("sv.explore.regimes()"), markdown(words)]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "P"}})
    nbformat.write(notebook, lab.folder / "shift_enter.ipynb")
    page.set_viewport_size({"width": 1200, "height": 800})
    with document(page, "shift_enter.ipynb") as panel:
        panel.locator(".jp-Cell").first.click()
        page.keyboard.press("Escape")
        for _ in range(4):
            page.keyboard.press("Shift+Enter")
        expect(panel.locator(".seqviz")).to_have_attribute("data-selected", re.compile(r"\d"))
        controls = panel.locator(".seqviz-controls")
        expect(controls).to_be_in_viewport(ratio=1)
        expect(panel.locator(".jp-Cell").nth(4)).to_have_class(re.compile("jp-mod-active"))
        # who then goes elsewhere is not called back when JupyterLab draws the cell again
        page.evaluate("() => window.jupyterapp.shell.currentWidget.content.scrollToItem(0)")
        expect(controls).not_to_be_in_viewport()
    page.set_viewport_size({"width": 1200, "height": 1000})
    assert not watch.elsewhere


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MODEL, *EXPLORERS)
    set_theme(page, theme)
    dark = theme.endswith("Dark")
    expect(page.locator(".seqviz-figure .xtick text").first).to_have_css(
        "fill", "rgba(255, 255, 255, 0.87)" if dark else "rgba(0, 0, 0, 0.87)"
    )
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()


def test_six_explorers_share_one_plotly_and_leave_a_small_notebook(page: Page, lab: Lab):
    clear(page)
    reload_saved(page)  # what other kernels sent to this page is gone
    show(page, MODEL, *EXPLORERS)
    save(page)
    size = (lab.folder / NOTEBOOK).stat().st_size
    assert size < 300_000, "one plotly.js alone would be 5 MB"
    assert page.evaluate("() => globalThis.seqvizFrontEnds.size") == 1
