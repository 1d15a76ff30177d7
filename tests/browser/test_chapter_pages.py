"""Every chapter as a page from disk: each explorer answers mouse and keyboard with what its chapter computed live."""

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

from benchmarks.pages import opened_page
from seqviz.cli import main
from seqviz.publish.pages import command
from tests.notebooks.executed import executed

from .conftest import ROOT, Watch
from .gestures import Gestures
from .page import as_read, faults, plotted, serious_violations, wait_for_sentence, wait_until_it_fills

pytestmark = pytest.mark.browser

CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb") if path.stem != "00_start_here")


@pytest.fixture
def exported(stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page of the chapter's one run."""
    monkeypatch.setattr(command, "executed", executed)
    assert main(["export", str(ROOT / "notebooks" / f"{stem}.ipynb"), "--out", str(tmp_path)]) == 0
    return tmp_path / f"{stem}.html"


def unpacked(value: Any) -> np.ndarray | None:
    """Return a recorded array; None for what is no array of numbers."""
    if not isinstance(value, dict) or "base64" not in value:
        return None
    return np.frombuffer(b64decode(value["base64"]), value["dtype"]).reshape(value["shape"])


class Recorded:
    """A recorded explorer in its page, and what it must show for the values of its controls."""

    def __init__(self, place: Locator) -> None:
        place.scroll_into_view_if_needed()
        self.root = place.locator(".seqviz")
        self.recording: dict[str, Any] = place.evaluate(
            "(place) => JSON.parse(document.getElementById(place.dataset.recording).textContent)"
        )
        self.controls = self.recording.get("controls", [])
        self.values = dict(self.recording.get("values", {}))

    @property
    def content(self) -> dict[str, Any]:
        place = 0
        for name, values in self.recording["recorded"].items():
            place = place * len(values) + values.index(self.values[name])
        return self.recording["answers"][place]["content"]

    @property
    def selected(self) -> int:
        return min(self.values[self.controls[-1]["name"]], self.content["selections"] - 1)

    def shown(self) -> tuple[str, str, str]:
        """Compare sentence and drawn numbers with the recorded ones, and return what tells this state from others."""
        content, selected = self.content, self.selected
        self.root.page.mouse.move(0, 0)  # where it was left, it may now point at a step
        wait_for_sentence(self.root, content["sentences"][selected])
        expect(self.root).to_have_attribute("data-selected", str(selected))
        reveal = content.get("reveal") or {}
        partly = {*reveal.get("trails", {}), *reveal.get("cells", {})}  # what ▶ shows bit by bit
        partial = []
        for path, stacked in content.get("patches", {}).items():
            kind, trace, *name = path.split(".")
            if path in reveal.get("heads", {}) or (values := unpacked(stacked)) is None:
                continue
            if kind == "data" and name in (["x"], ["y"], ["z"]):
                drawn, expected = plotted(self.root, int(trace), name[0]), values[selected]
                if path in partly:
                    expected = np.where(np.isnan(drawn), np.nan, expected)
                    partial.append(drawn.tobytes())
                np.testing.assert_array_equal(drawn, expected)
        self.root.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        row = self.root.evaluate(
            """(root) => [...root.querySelectorAll(".seqviz-caption, .seqviz-strip, .seqviz-written, .seqviz-scene")]
                 .map((part) => part.outerHTML).join()"""
        )
        return content["sentences"][selected], repr(content), row + repr(partial)

    def control(self, described: dict[str, Any]) -> Locator:
        return self.root.locator(".seqviz-controls").get_by_label(as_read(described["label"]), exact=True)

    def allowed(self, described: dict[str, Any]) -> list[Any]:
        """Return what a slider can be set to."""
        first, step = described["minimum"], described["step"]
        last = self.content["selections"] - 1 if described is self.controls[-1] else described["maximum"]
        return described.get("values") or [first + i * step for i in range(round((last - first) / step) + 1)]

    def follows_hands(self) -> None:
        """Do with the figure all that hands can do, and expect what each asks for."""
        if not self.root.locator(".seqviz-figure").count():
            return
        sliders = {one["name"]: one for one in self.controls if one["kind"] == "range"}
        allowed = {name: self.allowed(described) for name, described in sliders.items()}
        for hand, start, end, values in Gestures(self.root, self.content, allowed, self.controls[-1]["name"]):
            hand(self.root.page, start, end)
            self.values |= values
            for name, described in sliders.items():
                value = self.selected if described is self.controls[-1] else self.values[name]
                place = described["values"].index(value) if "values" in described else value
                expect(self.control(described)).to_have_value(str(place))
            self.shown()

    def moves(self, described: dict[str, Any]) -> Iterator[Any]:
        """Move one control by keyboard, then by mouse; yield the value it should have after each."""
        element = self.control(described)
        if described["kind"] == "choice":
            for option in (described["options"][-1], described["options"][0]):
                element.select_option(option)
                yield option
            element.press("ArrowDown")
            yield described["options"][min(1, len(described["options"]) - 1)]
            return
        if described["kind"] == "pad":
            role = "application" if "computed" in self.recording else "img"  # on which nothing can be drawn
            expect(self.root.locator(".seqviz-pad svg")).to_have_attribute("role", role)
            for name, strokes in reversed(described["given"]):
                self.root.get_by_role("button", name=name, exact=True).click()
                self.values[self.controls[-1]["name"]] = 10**6  # what is drawn is followed to its end
                yield strokes
            return
        if described["kind"] == "keypad":
            expect(self.root.locator(".seqviz-keys button").first).to_be_disabled()
            for number in reversed(described["given"]):
                self.root.get_by_role("button", name=number, exact=True).click()
                self.values[self.controls[-1]["name"]] = 10**6  # what is dialled is heard to its end
                yield number
            return
        values = self.allowed(described)
        for key, value in (("Home", values[0]), ("End", values[-1])):
            element.press(key)
            yield value
        element.click()  # in its middle
        place = float(element.input_value())
        index = round(place if "values" in described else (place - described["minimum"]) / described["step"])
        assert abs(index - (len(values) - 1) / 2) <= 1 + 0.1 * len(values)
        yield values[index]


@pytest.mark.parametrize("stem", CHAPTERS)
def test_every_explorer_of_a_chapter_moves_without_kernel_and_network(
    browser: Browser, watch: Watch, exported: Path, stem: str
):
    with opened_page(browser, exported, watch) as page:
        places = page.locator("[data-recording]")
        explorers = [one for i in range(places.count()) if (one := Recorded(places.nth(i))).controls]
        assert explorers or not stem[2:].startswith("_"), "a chapter, which is no appendix, without an explorer"
        for explorer in explorers:
            explorer.root.scroll_into_view_if_needed()
            explorer.shown()
            assert not faults(explorer.root)
            assert not [answer for answer in explorer.recording["answers"] if answer["content"].get("error")]
            for described in explorer.controls:
                if described["kind"] == "text":
                    expect(explorer.control(described)).to_be_editable(editable="computed" in explorer.recording)
                    continue
                if described["kind"] == "choice" and "fixed" in described:
                    expect(explorer.control(described)).to_be_disabled()
                    continue
                states = set()
                for value in explorer.moves(described):
                    explorer.values[described["name"]] = value
                    states.add((*explorer.shown(), explorer.selected))
                assert len(states) > 1, f"{described['label']} moves nothing"
            explorer.follows_hands()
            for described in explorer.controls:
                if described.get("play"):
                    slider = explorer.control(described)
                    slider.press("Home")
                    began = slider.input_value()
                    explorer.root.get_by_role("button", name=described["play"]).click()
                    expect(slider).not_to_have_value(began)
                    explorer.root.get_by_role("button", name="Pause").press("Escape")
        assert not serious_violations(page, preload=False)
    assert watch == Watch()


@pytest.mark.parametrize("stem", CHAPTERS)
def test_every_picture_of_a_chapter_fits_a_phone_and_follows_a_finger(
    browser: Browser, watch: Watch, exported: Path, stem: str
):
    with opened_page(browser, exported, watch) as page:
        page.set_viewport_size({"width": 390, "height": 1600})  # as high as the highest figure, for hands
        places = page.locator("[data-recording]")
        found = {}
        for number in range(places.count()):
            explorer = Recorded(places.nth(number))
            root = explorer.root
            root.wait_for()
            if root.locator(".seqviz-figure").count():
                wait_until_it_fills(root)
            if wrong := faults(root):
                found[number, root.get_attribute("aria-label")] = wrong
            if explorer.controls:
                explorer.follows_hands()
        assert not found
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert watch == Watch()
