"""▶ moves a slider by itself; a hand takes over, and who wishes less motion steps it by key."""

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Watch
from .page import MODEL, Place, control, show, touch

pytestmark = pytest.mark.browser

LETTERS = 30


@pytest.fixture
def explorer(page: Page) -> Locator:
    return show(page, MODEL, "sv.explore.run(model, alphabet, text)")


def test_it_walks_to_the_end_and_begins_again(page: Page, watch: Watch, explorer: Locator):
    letters = control(explorer, "Letters written")
    button = explorer.locator(".seqviz-play")
    expect(button).to_have_text("▶ Write on from here")
    button.click()
    expect(button).to_have_text("❚❚ Pause")
    expect(explorer.locator(".seqviz-sentence")).to_have_attribute("aria-live", "off")  # not one reading a step
    expect(letters).to_have_value(str(LETTERS))
    expect(button).to_have_text("▶ Write on from here")
    expect(explorer.locator(".seqviz-sentence")).to_have_attribute("aria-live", "polite")
    button.click()
    expect(letters).not_to_have_value(str(LETTERS))
    assert watch == Watch()


@pytest.mark.parametrize("hand", ["pause", "Escape", "slider", "token"])
def test_a_hand_stops_it(page: Page, watch: Watch, explorer: Locator, hand: str):
    letters = control(explorer, "Letters written")
    button = explorer.locator(".seqviz-play")
    button.click()
    expect(letters).not_to_have_value("0")
    {
        "pause": button.click,
        "Escape": lambda: button.press("Escape"),
        "slider": lambda: control(explorer, "After step").press("Home"),
        "token": explorer.locator(".seqviz-strip button").nth(3).click,
    }[hand]()
    expect(button).to_have_text("▶ Write on from here")
    stopped = letters.input_value()
    assert 0 < int(stopped) < LETTERS
    # several of its steps long, nothing moves
    page.evaluate("() => new Promise((done) => setTimeout(done, 500))")
    expect(letters).to_have_value(stopped)
    assert watch == Watch()


def test_a_finger_presses_what_a_mouse_presses(page: Page, watch: Watch, explorer: Locator):
    def middle(what: Locator) -> Place:
        what.scroll_into_view_if_needed()
        box = what.bounding_box() or {}
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    touch(page, middle(explorer.locator(".seqviz-strip button").nth(3)))
    expect(explorer).to_have_attribute("data-selected", "3")
    touch(page, middle(explorer.locator(".seqviz-play")))
    expect(control(explorer, "Letters written")).not_to_have_value("0")
    explorer.locator(".seqviz-play").press("Escape")
    assert watch == Watch()


def test_who_wishes_less_motion_steps_it_by_key(page: Page, watch: Watch):
    page.emulate_media(reduced_motion="reduce")
    explorer = show(page, MODEL, "sv.explore.run(model, alphabet, text)")
    letters = control(explorer, "Letters written")
    button = explorer.get_by_role("button", name="Write on from here, one step")
    button.focus()
    for step in (1, 2, 3):
        page.keyboard.press("Enter" if step % 2 else "Space")
        expect(letters).to_have_value(str(step))
    page.evaluate("() => new Promise((done) => setTimeout(done, 500))")
    expect(letters).to_have_value("3")
    control(explorer, "Letters written").press("End")
    button.press("Enter")
    expect(letters).to_have_value("0")  # from the beginning
    assert watch == Watch()
