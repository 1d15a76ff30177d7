"""What hands do in a figure, made from what its explorer says that they can do there."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from playwright.sync_api import Locator, Page

from .page import Place, at, between, pull, touch

# Of every axis: the one it meets, and its ends.
AXES = """(figure) => Object.fromEntries(Object.entries(figure._fullLayout)
  .filter(([name]) => /^[xy]axis\\d*$/.test(name))
  .map(([name, { anchor, range }]) => [name, { anchor: anchor.replace(/^[xy]/, "$&axis"), range }]))"""
# Of a trace: its axes and its points.
POINTS = """(figure, uid) => {
  const { x, y, xaxis, yaxis } = figure._fullData.find((trace) => trace.uid === uid);
  return [[xaxis, yaxis].map((name) => name.replace(/^[xy]/, "$&axis")), Array.from(x, (across, i) => [across, y[i]])];
}"""
Hand = Callable[[Page, Place, Place], None]


def mouse(page: Page, start: Place, end: Place) -> None:
    pull(page, start, end)


def finger(page: Page, start: Place, end: Place) -> None:
    touch(page, *between(start, end))


def click(page: Page, _: Place, end: Place) -> None:
    page.mouse.click(*end)


def tap(page: Page, _: Place, end: Place) -> None:
    touch(page, end)


class Gesture(NamedTuple):
    """What a hand does from one place to another, and the values that controls then have; all others keep theirs."""

    hand: Hand
    start: Place
    end: Place
    values: dict[str, Any]


class Gestures:
    """Everything that hands can do in the figure of an explorer, there and back.

    ``allowed`` has the values that each control can have; ``swept`` is the control that pointing moves.
    """

    def __init__(self, root: Locator, content: dict[str, Any], allowed: dict[str, list[Any]], swept: str) -> None:
        self.root, self.allowed, self.swept = root, allowed, swept
        self.figure = root.locator(".seqviz-figure")
        self.axes = self.figure.evaluate(AXES)
        self.drag, self.press, self.grab = (content.get(name) or {} for name in ("drag", "press", "grab"))
        self.pick = content.get("pick") or ""
        self.zero = content.get("first") or 0  # where selection 0 stands
        if content.get("first") is None and self.pick in self.axes:
            self.zero = math.ceil(min(self.axes[self.pick]["range"]))

    def __iter__(self) -> Iterator[Gesture]:
        self.figure.evaluate("(figure) => figure.scrollIntoView({ block: 'center' })")
        for make in (self._drags, self._grabs, self._presses, self._picks_along, self._picks_points, self._beside):
            yield from make()

    def _drags(self) -> Iterator[Gesture]:
        panels = (tuple(sorted({axis, self.axes[axis]["anchor"]} & {*self.drag})) for axis in self.drag)
        for panel in dict.fromkeys(panels):
            ends = [*zip(*(self._ends(axis, self.drag[axis]) for axis in panel), strict=True)]
            for hand, end in ((finger, 0), (mouse, 1), (finger, 0)):
                there = dict(zip(panel, ends[end], strict=True))
                values = {self.drag[axis]: value for axis, value in there.items()}
                yield Gesture(hand, self._place(dict.fromkeys(panel)), self._place(there), values)

    def _grabs(self) -> Iterator[Gesture]:
        for uid, controls in self.grab.items():
            for hand, end in ((finger, 0), (mouse, -1)):
                axes, (point,) = self.figure.evaluate(POINTS, uid)
                values = [self.allowed[control][end] for control in controls]
                places = (self._place(dict(zip(axes, place, strict=True))) for place in (point, values))
                start, stop = ((x + 9, y + 6) for x, y in places)  # beside the thing, which keeps its distance
                yield Gesture(hand, start, stop, dict(zip(controls, values, strict=True)))

    def _presses(self) -> Iterator[Gesture]:
        for axis, control in self.press.items():
            ends = [({axis: value}, {control: value}) for value in self._ends(axis, control)]
            across = self.axes[axis]["anchor"]
            if self._has_steps(across):  # a press selects one as well
                for (place, values), step in zip(ends, self._ends(self.pick, self.swept, self.zero), strict=True):
                    place[across], values[self.swept] = step + self.zero, step
            yield from self._there_and_back(tap, click, *ends)

    def _picks_along(self) -> Iterator[Gesture]:
        if self.pick not in self.axes:
            return
        scrolls = self.pick.startswith("y")  # as a finger does on an axis that stands
        steps = self._ends(self.pick, self.swept, self.zero)
        for axis in filter(self._has_steps, self.axes):
            drags = {axis, self.axes[axis]["anchor"]} & {*self.drag}  # where a pull drags
            ends = (({axis: step + self.zero}, {self.swept: step}) for step in steps)
            yield from self._there_and_back(tap if drags or scrolls else finger, click if drags else mouse, *ends)

    def _picks_points(self) -> Iterator[Gesture]:
        if self.pick and self.pick not in self.axes:
            axes, points = self.figure.evaluate(POINTS, self.pick)
            ends = (
                (dict(zip(axes, points[i], strict=True)), {self.swept: i}) for i in _apart(self.allowed[self.swept])
            )
            yield from self._there_and_back(finger, mouse, *ends)

    def _beside(self) -> Iterator[Gesture]:
        """A press in a panel that has no steps selects none."""
        for axis in self.axes if self.pick in self.axes else ():
            anchor = self.axes[axis]["anchor"]
            if axis[0] == self.pick[0] and not {axis, anchor} & {*self.press} and not self._has_steps(axis):
                place = self._place({axis: None})
                yield Gesture(tap, place, place, {})
                yield Gesture(click, place, place, {})  # whose end is waited for

    def _has_steps(self, axis: str) -> bool:
        if self.pick not in self.axes or axis[0] != self.pick[0]:
            return False
        return self.axes[axis]["range"] == self.axes[self.pick]["range"]

    def _place(self, values: Mapping[str, float | None]) -> Place:
        """Return where values of one or both axes of a panel meet, on the page; for an axis without one, its middle."""
        anchor = self.axes[next(iter(values))]["anchor"]
        places = sorted({anchor: None, **values}.items())
        return at(self.root, *(name if value is None else (name, value) for name, value in places))

    def _ends(self, axis: str, control: str, zero: float = 0) -> tuple[Any, Any]:
        """Return two values of a control that lie apart on an axis."""
        low, high = sorted(self.axes[axis]["range"])
        return _apart([value for value in self.allowed[control] if low <= value + zero <= high])

    def _there_and_back(
        self, one: Hand, other: Hand, *ends: tuple[Mapping[str, float], dict[str, Any]]
    ) -> Iterator[Gesture]:
        """Yield gestures from end to end and back; each end has the values of axes there and those of controls then."""
        for hand, end in ((one, 0), (other, 1), (one, 0)):
            (start, _), (stop, values) = ends[1 - end], ends[end]
            yield Gesture(
                hand, self._place(start), self._place(stop), values
            )  # measured anew: a longer sentence moves the figure


def _apart(values: list[Any]) -> tuple[Any, Any]:
    """Return two values that lie apart, and where there are many, inside."""
    assert len(values) > 1
    return values[(len(values) - 1) // 4], values[-1 - (len(values) - 1) // 4]
