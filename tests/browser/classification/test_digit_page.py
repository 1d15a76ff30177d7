"""A page from disk reads a digit that is drawn on it, with the network off, and says what torch says of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import seqviz as sv
from benchmarks.pages import opened_page
from seqviz.models.onnx_graph import can_export
from seqviz.plots.classification import digit as plots
from seqviz.plots.patch import patched

from ..computing import exported, first_explorer, loaded
from ..conftest import Watch
from ..page import control, made_by, plotted, pull, serious_violations, wait_for_sentence
from .test_digit import DIGIT, MAKE, pad, place, strokes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not can_export(), reason="needs the package onnx, of the extra `pages`"),
]
# sure of something, and not always of the same
LOUD = """
with torch.no_grad():
    for reader in readers.values():
        for weights in reader.parameters():
            weights.mul_(4)
"""
ROWS, PEN = "row by row", "along the pen"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("digit"), MAKE + LOUD, DIGIT)


@pytest.fixture
def page(browser: Browser, watch: Watch, path: Path) -> Iterator[Page]:
    with opened_page(browser, path, watch) as page:
        yield page


@pytest.fixture
def explorer(page: Page) -> Locator:
    return first_explorer(page)


def assert_read(explorer: Locator, way: str, step: int) -> None:
    """What is drawn and said is what torch makes of what lies on the pad."""
    names = made_by(MAKE + LOUD)
    drawn = [[(x, y) for x, y in stroke] for stroke in strokes(explorer)]
    trace = sv.traces.trace_digit(names["readers"][way], drawn, way)
    step = min(step, len(trace.beliefs) - 1)
    control(explorer, "Step").press("Home")
    for _ in range(step):
        control(explorer, "Step").press("ArrowRight")
    wait_for_sentence(explorer, plots.describe_digit(trace, step))
    figure = patched(plots.digit_figure(trace), plots.digit_patch(trace, step))
    for number, expected in enumerate(figure.data):
        for axis in "xyz":
            if (values := getattr(expected, axis, None)) is not None:
                np.testing.assert_allclose(plotted(explorer, number, axis), values, atol=2e-5, err_msg=expected.uid)
    shown = explorer.locator(".seqviz-figure").evaluate(
        "(div) => [div.layout.xaxis2.range, div.layout.xaxis2.tickvals]"
    )
    assert shown == [list(figure.layout.xaxis2.range), list(figure.layout.xaxis2.tickvals)]


def test_what_is_drawn_on_a_page_is_read_as_torch_reads_it(page: Page, watch: Watch, explorer: Locator):
    assert_read(explorer, ROWS, 15)  # recorded
    assert not loaded(page), "nothing is loaded before the first stroke"
    explorer.get_by_role("button", name="Clear").click()
    expect(explorer.get_by_role("alert")).to_contain_text("press and move the pen")
    pull(page, place(explorer, 0.2, 0.1), place(explorer, 0.8, 0.15), place(explorer, 0.4, 0.9))
    assert_read(explorer, ROWS, 9)
    pull(page, place(explorer, 0.3, 0.5), place(explorer, 0.7, 0.52))
    assert_read(explorer, ROWS, 11)
    control(explorer, "Read it").select_option(PEN)
    assert_read(explorer, PEN, 0)
    assert_read(explorer, PEN, 21)
    assert not serious_violations(page, context=".seqviz", preload=False)
    explorer.get_by_role("button", name="a four").click()  # which was recorded
    assert_read(explorer, PEN, 3)
    assert watch == Watch()


def test_by_keys_and_with_a_dot_between_two_strokes(page: Page, watch: Watch, explorer: Locator):
    explorer.get_by_role("button", name="Clear").click()
    pad(explorer).focus()
    for keys in (
        "ArrowUp ArrowUp ArrowUp Space ArrowDown ArrowDown ArrowDown ArrowRight Space",
        "ArrowRight Space Space",
        "ArrowUp Space ArrowLeft ArrowLeft Space",
    ):
        for key in keys.split():
            page.keyboard.press(key)
    assert [len(stroke) for stroke in strokes(explorer)] == [5, 1, 3]
    assert_read(explorer, ROWS, 7)
    control(explorer, "Read it").select_option(PEN)
    assert_read(explorer, PEN, 1000)
    assert watch == Watch()
