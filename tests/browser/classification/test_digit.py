"""In JupyterLab a digit is drawn by mouse, by finger and by keys, and read while it is drawn."""

import pytest
from playwright.sync_api import Locator, Page, expect

import seqviz as sv
from seqviz.plots.classification.digit import describe_digit

from ..conftest import Watch
from ..page import control, made_by, pull, serious_violations, set_range, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the readers here and in the kernel.
MAKE = """
import torch, seqviz as sv
torch.manual_seed(0)
readers = {"row by row": sv.models.LSTM(16, 8, 10), "along the pen": sv.models.LSTM(3, 8, 10)}
given = {"a three": sv.data.digit_strokes(3), "a four": sv.data.digit_strokes(4)}
"""
END = 10_000  # what is drawn is followed to its end
DIGIT = "sv.explore.digit(readers, given)"


def pad(explorer: Locator) -> Locator:
    return explorer.locator(".seqviz-pad svg")


def strokes(explorer: Locator) -> list[list[list[float]]]:
    """Read back what lies on the pad."""
    path = pad(explorer).locator("path").get_attribute("d") or ""
    return [
        [[float(part) / 100 for part in point.split()] for point in stroke.split("L")[1:]]
        for stroke in path.split("M")[1:]
    ]


def expected(drawn: list[list[list[float]]], way: str, step: int) -> str:
    readers = made_by(MAKE)["readers"]
    trace = sv.traces.trace_digit(readers[way], [[(x, y) for x, y in stroke] for stroke in drawn], way)
    return describe_digit(trace, min(step, len(trace.beliefs) - 1))


def place(explorer: Locator, x: float, y: float) -> tuple[float, float]:
    box = pad(explorer).bounding_box()
    assert box
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def test_a_digit_drawn_by_mouse_is_read_in_both_ways(page: Page, watch: Watch):
    explorer = show(page, MAKE, DIGIT)
    wait_for_sentence(explorer, expected(made_by(MAKE)["given"]["a three"], "row by row", 15))
    explorer.get_by_role("button", name="Clear").click()
    expect(explorer.locator(".seqviz-alert")).to_contain_text("press and move the pen")
    pull(page, place(explorer, 0.2, 0.1), place(explorer, 0.8, 0.1), place(explorer, 0.4, 0.9))
    pull(page, place(explorer, 0.3, 0.5), place(explorer, 0.7, 0.5))
    drawn = strokes(explorer)
    assert len(drawn) == 2
    assert drawn[0][0] == pytest.approx([0.2, 0.1], abs=0.02)
    assert drawn[1][-1] == pytest.approx([0.7, 0.5], abs=0.02)
    wait_for_sentence(explorer, expected(drawn, "row by row", 15))
    expect(explorer.locator(".seqviz-alert")).to_be_empty()
    control(explorer, "Read it").select_option("along the pen")
    wait_for_sentence(explorer, expected(drawn, "along the pen", END))
    explorer.get_by_role("button", name="Undo").click()
    expect(explorer.locator(".seqviz-pad [role=status]")).to_have_text("last stroke taken away")
    wait_for_sentence(explorer, expected(drawn[:1], "along the pen", END))
    explorer.get_by_role("button", name="a four").click()
    wait_for_sentence(explorer, expected(made_by(MAKE)["given"]["a four"], "along the pen", END))
    set_range(control(explorer, "Step"), 3)
    wait_for_sentence(explorer, expected(made_by(MAKE)["given"]["a four"], "along the pen", 3))
    assert watch == Watch()


def test_a_digit_is_drawn_with_keys_alone(page: Page, watch: Watch):
    explorer = show(page, MAKE, DIGIT)
    pad(explorer).focus()
    page.keyboard.press("Delete")
    page.keyboard.press("ArrowUp")
    page.keyboard.press(" ")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press(" ")
    page.keyboard.press("ArrowLeft")
    expect(explorer.locator(".seqviz-pad [role=status]")).to_have_text("pen up, 40 % from the left, 65 % from the top")
    drawn = [[[0.5, 0.45], [0.5, 0.5], [0.5, 0.55], [0.5, 0.6], [0.5, 0.65], [0.45, 0.65]]]
    assert strokes(explorer) == [[pytest.approx(point) for point in drawn[0]]]
    wait_for_sentence(explorer, expected(drawn, "row by row", 15))
    page.keyboard.press("Backspace")
    expect(explorer.locator(".seqviz-alert")).to_contain_text("press and move the pen")
    assert watch == Watch()


def test_a_finger_draws_and_the_page_does_not_scroll(page: Page, watch: Watch):
    explorer = show(page, MAKE, DIGIT)
    explorer.get_by_role("button", name="Clear").click()
    client = page.context.new_cdp_session(page)
    before = pad(explorer).bounding_box()

    def touch(kind: str, *at: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in at]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", place(explorer, 0.5, 0.1))
    for height in (0.3, 0.5, 0.7, 0.9):
        touch("touchMove", place(explorer, 0.5, height))
    touch("touchEnd")
    client.detach()
    drawn = strokes(explorer)
    assert len(drawn) == 1
    assert drawn[0][-1] == pytest.approx([0.5, 0.9], abs=0.02)
    assert pad(explorer).bounding_box() == before
    wait_for_sentence(explorer, expected(drawn, "row by row", 15))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, DIGIT)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
