"""In JupyterLab keys are pressed by mouse, by finger and by keyboard, and the page plays them when it is asked to."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import seqviz as sv
from seqviz.plots.hearing.telephone import describe_telephone

from ..conftest import Watch
from ..page import at, control, made_by, serious_violations, set_range, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the listener here and in the kernel.
MAKE = """
import torch, seqviz as sv
torch.manual_seed(0)
listener = sv.models.Listener(inputs=41, hidden=8, labels=11)
"""
TELEPHONE = 'sv.explore.telephone(listener, ["1553", "2#"])'
LISTEN_IN = """() => {
  window.played = [];
  const { start } = AudioBufferSourceNode.prototype;
  window.listenNoMore = () => { AudioBufferSourceNode.prototype.start = start; };
  AudioBufferSourceNode.prototype.start = function (...when) {
    window.played.push(Array.from(this.buffer.getChannelData(0)));
    return start.apply(this, when);
  };
}"""


def trace(number: str, noise: float = -8.0, pause: float = 70.0):
    return sv.traces.trace_telephone(made_by(MAKE)["listener"], number, noise, pause)


def expected(*asked) -> str:
    """The sentence after the last frame."""
    heard = trace(*asked)
    return describe_telephone(heard, len(heard.path) - 1)


def key(explorer: Locator, name: str) -> Locator:
    return explorer.get_by_role("button", name=name, exact=True)


def dialled(explorer: Locator) -> Locator:
    return explorer.locator(".seqviz-keypad output")


@contextmanager
def sounds(page: Page) -> Iterator[None]:
    """Keep the samples of everything that is played."""
    page.evaluate(LISTEN_IN)
    try:
        yield
    finally:
        page.evaluate("() => window.listenNoMore()")


def test_keys_are_pressed_by_mouse_and_a_frame_is_pointed_at(page: Page, watch: Watch):
    explorer = show(page, MAKE, TELEPHONE)
    wait_for_sentence(explorer, expected("1553"))
    expect(dialled(explorer)).to_have_text("1553")
    key(explorer, "star").click()
    expect(dialled(explorer)).to_have_text("1553*")
    wait_for_sentence(explorer, expected("1553*"))
    for _ in range(2):
        key(explorer, "Back").click()
    wait_for_sentence(explorer, expected("155"))
    page.mouse.move(*at(explorer, ("xaxis", 5), "yaxis2"))
    wait_for_sentence(explorer, describe_telephone(trace("155"), 4))
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, expected("155"))
    key(explorer, "2#").click()
    wait_for_sentence(explorer, expected("2#"))
    set_range(control(explorer, "Noise above the tones, dB"), 10)
    wait_for_sentence(explorer, expected("2#", 10.0))
    set_range(control(explorer, "Pause between keys, ms"), 10)
    wait_for_sentence(explorer, expected("2#", 10.0, 10.0))
    control(explorer, "Frame").press("Home")
    wait_for_sentence(explorer, describe_telephone(trace("2#", 10.0, 10.0), 0))
    assert watch == Watch()


def test_keys_are_typed_and_without_one_the_page_says_so(page: Page, watch: Watch):
    explorer = show(page, MAKE, TELEPHONE)
    key(explorer, "Clear").click()
    expect(explorer.locator(".seqviz-alert")).to_contain_text("nothing to hear: press a key")
    wait_for_sentence(explorer, expected("1553"))  # the last picture stays
    for typed in "90a1":
        page.keyboard.press(typed)  # the focus is on Clear, among the keys
    page.keyboard.press("Backspace")
    expect(dialled(explorer)).to_have_text("90")
    wait_for_sentence(explorer, expected("90"))
    expect(explorer.locator(".seqviz-alert")).to_be_empty()
    key(explorer, "7").focus()
    page.keyboard.press("Enter")
    wait_for_sentence(explorer, expected("907"))
    for _ in range(9):
        page.keyboard.press("1")
    expect(dialled(explorer)).to_have_text("90711111")  # no more than eight
    wait_for_sentence(explorer, expected("90711111"))
    assert watch == Watch()


def test_a_finger_presses_a_key(page: Page, watch: Watch):
    explorer = show(page, MAKE, TELEPHONE)
    key(explorer, "Clear").click()
    key(explorer, "6").scroll_into_view_if_needed()
    box = key(explorer, "6").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    finger = page.context.new_cdp_session(page)
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    for kind, points in (("touchStart", [middle]), ("touchEnd", [])):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    finger.detach()
    wait_for_sentence(explorer, expected("6"))
    assert watch == Watch()


def test_nothing_sounds_until_it_is_asked_for_and_then_the_keys_do(page: Page, watch: Watch):
    explorer = show(page, MAKE, TELEPHONE)
    with sounds(page):
        key(explorer, "Clear").click()
        for name in ("4", "9"):
            key(explorer, name).click()
        set_range(control(explorer, "Noise above the tones, dB"), -20)
        heard = trace("49", -20.0)
        wait_for_sentence(explorer, expected("49", -20.0))
        expect(explorer.locator(".seqviz-sound span")).to_contain_text("“49” as it is dialled here, ")
        expect(explorer.locator(".seqviz-sound span")).to_contain_text("with noise 20 dB below the tones.")
        assert page.evaluate("() => window.played.length") == 0, "nothing sounds by itself"
        key(explorer, "▶ Play the sound").click()
        page.wait_for_function("() => window.played.length === 1")
        samples = np.array(page.evaluate("() => window.played[0]"))
        assert len(samples) == round(heard.seconds * 8000)
        assert np.abs(samples).max() == pytest.approx(0.5, abs=1e-6)
        for (down, up), hertz in zip(heard.held, heard.keys_hertz, strict=True):
            part = samples[round(down * 8000) : round(up * 8000)]
            sizes = np.abs(np.fft.rfft(part * np.hanning(len(part))))
            peaks = [k for k in range(1, len(sizes) - 1) if sizes[k] > max(sizes[k - 1], sizes[k + 1])]
            loudest = sorted(8000 / len(part) * k for k in sorted(peaks, key=lambda k: -sizes[k])[:2])
            np.testing.assert_allclose(loudest, hertz, atol=8000 / len(part))
        key(explorer, "1").click()  # another sound: what plays is stopped
        expect(key(explorer, "▶ Play the sound")).to_be_visible()
        wait_for_sentence(explorer, expected("491", -20.0))
        assert page.evaluate("() => window.played.length") == 1
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, TELEPHONE)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
