"""An explorer: a plot, a source and controls. The same few lines serve the live, the recorded and the still form.

A *source* is a function of the controls that returns a trace; the kernel calls it when a control changes. What only
selects within the trace (a step, usually) is *swept*: patches and sentences of all its values go to the browser at
once, which then follows the hand by itself. Where a hand moves a slider that the kernel answers, the kernel sends the
answers of its neighbours ahead, so that a hand that goes on, or back, need not wait for it.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched, resolved, sweep
from seqviz.plots.wording import worded
from seqviz.widgets.ahead import neighbours
from seqviz.widgets.binary import encode, figure_to_tree, without_buffers
from seqviz.widgets.controls import Control, Range, as_data
from seqviz.widgets.light import LightFigure
from seqviz.widgets.recording import controls_of, record
from seqviz.widgets.sound import Sound
from seqviz.widgets.strip import Strip

Trace = TypeVar("Trace")
QUICK = 0.015  # seconds that an answer may take which is computed unasked: a hand that does something else waits for it


@dataclass(frozen=True)
class Reveal(Generic[Trace]):
    """What a control of the browser shows up to one of its values: curves up to a point, marks there, cells of a map.

    At the control's greatest value the picture is whole, which is what a still and a patch show.
    """

    control: str
    trails: Mapping[str, int] = field(default_factory=dict)  # a curve, such as ``way.y`` → its numbers per value
    heads: Mapping[str, str] = field(default_factory=dict)  # place of a mark → the place whose last numbers it takes
    # a map, such as ``moved.z`` → from which value on each of its cells is shown, by trace and selection
    cells: Mapping[str, Callable[[Trace, int], np.ndarray]] = field(default_factory=dict)


@dataclass(frozen=True)
class View(Generic[Trace]):
    """How a trace becomes something to see, as functions of the plots room."""

    figure: Callable[[Trace], go.Figure]  # all but the selection
    patch: Callable[[Trace, int], Patch]  # the selection
    describe: Callable[[Trace, int], str]
    selections: Callable[[Trace], int]  # how many there are
    structure: Callable[[Trace], Hashable]  # while this is the same, the figure is too
    # pointing selects along this axis, whose first whole number is selection 0, or the nearest point of the trace of
    # this uid
    pick: str | None = None
    first: int | None = None  # where on that axis selection 0 stands instead
    drag: Mapping[str, str] = field(default_factory=dict)  # axis → control: dragging in the axis's plot sets it
    press: Mapping[str, str] = field(default_factory=dict)  # axis → control: a click in the axis's plot sets it
    # uid of a trace of one point → the controls of its x and y: dragging in its plot sets those of the nearest
    grab: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    reveal: Reveal[Trace] | None = None  # curves drawn up to a point
    strip: Callable[[Trace], Strip] | None = None  # a row of tokens above the figure
    scene: Callable[[Trace], dict[str, Any]] | None = None  # a drawing of our own in the figure's place
    sound: Callable[[Trace], Sound] | None = None  # what a button plays


class Explorer(LightFigure, Generic[Trace]):
    """Controls, and a view of the trace that a source returns.

    ``computed`` gives what a page needs to answer by itself where nothing was recorded (see widgets/computed.py), or
    None where it cannot.
    """

    def __init__(
        self,
        title: str,
        source: Callable[..., Trace],
        view: View[Trace],
        controls: Sequence[Control],
        swept: Range,
        computed: Callable[[], dict[str, Any] | None] | None = None,
    ) -> None:
        self._source, self._view, self._swept, self._computed = source, view, swept, computed
        self._serial = 0
        self._ahead: list[dict[str, Any]] = []  # values and contents, encoded, that the browser has before it asks
        self._seconds: deque[float] = deque(maxlen=3)  # that the last answers took; one may have been held up
        self._controls = {control.name: control for control in (*controls, swept)}
        values = {name: control.value for name, control in self._controls.items()}
        trace = self._trace = self._compute(values)
        self._structure = view.structure(trace)
        self._base = view.figure(trace)  # as last sent; patches name its traces
        super().__init__(
            *self.still_of(trace, min(int(swept.value), view.selections(trace) - 1)),
            title=title,
            controls=[as_data(control) for control in self._controls.values()],
            values=values,
            figure=figure_to_tree(self._base),
            content=self._content(trace, self._base),
        )
        self.observe(self._answer, "values")

    def still_of(self, trace: Trace, selection: int) -> tuple[go.Figure, str]:
        """Return the figure and the sentence of one selection."""
        figure = patched(self._view.figure(trace), self._view.patch(trace, selection))
        return figure, worded(self._view.describe(trace, selection))

    def still(self) -> tuple[go.Figure, str]:
        """Return the figure and the sentence for the current values of the controls."""
        last = self._view.selections(self._trace) - 1
        return self.still_of(self._trace, min(int(self.values[self._swept.name]), last))

    def recording(self) -> dict[str, Any]:
        """Return its state and its answer for every combination of its kernel controls' recorded values."""
        controls = list(self._controls.values())
        state = super().recording() | {"controls": controls_of(controls)}
        if self._computed and (computed := self._computed()):
            state["computed"] = computed
        shown = dict(self.values)

        def answer(values: dict[str, Any]) -> tuple[Any, Any]:
            self.values = {**shown, **values}  # as for a live answer, errors included
            return encode(self.figure), encode(self.content)

        try:
            return state | record(controls, answer)
        finally:
            self.values = shown

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Answer the hand; what it may ask next is computed when the answer is on its way."""
        before, content, structure = self.values, self.content, self._structure
        super().set_state(sync_data)
        near = neighbours(self._controls.values(), before, self.values)
        if near and min(self._seconds, default=0.0) < QUICK:
            still_fits = structure == self._structure and "error" not in content
            earlier = {"values": before, "content": content} if still_fits else None
            with suppress(RuntimeError):  # without a loop nothing can wait until the answer is on its way
                asyncio.get_running_loop().call_soon(self._send_ahead, near, earlier)

    def _send_ahead(self, near: Sequence[dict[str, Any]], earlier: dict[str, Any] | None) -> None:
        known = [earlier] if earlier else []
        if any(sent["content"]["serial"] == self.content["serial"] for sent in self._ahead):
            known += self._ahead  # one of them has just come true
        ahead = [
            next((one for one in known if one["values"] == values), None) or self._answer_ahead(values)
            for values in near
        ]
        if answers := [answer for answer in ahead if answer]:
            self._ahead = [answer | {"content": encode(answer["content"])} for answer in answers]
            self.send(*without_buffers({"ahead": self._ahead}))

    def _answer_ahead(self, values: dict[str, Any]) -> dict[str, Any] | None:
        """Return an answer that needs no other figure than the one the browser has."""
        try:
            trace = self._compute(values)
            if self._view.structure(trace) == self._structure:
                return {"values": values, "content": self._as_sent(self._content(trace, self._base))}
        except (ValueError, TypeError):
            pass  # it is said when it is asked for
        return None

    def _compute(self, values: dict[str, Any]) -> Trace:
        asked = {name: values[name] for name, control in self._controls.items() if not control.browser}
        return self._source(**asked)

    def _content(self, trace: Trace, base: go.Figure) -> dict[str, Any]:
        self._serial += 1
        view = self._view
        selections = range(view.selections(trace))
        return {
            "serial": self._serial,
            "selections": len(selections),
            "patches": sweep(base, lambda selection: view.patch(trace, selection), selections),
            "sentences": [worded(view.describe(trace, selection)) for selection in selections],
            "pick": view.pick,
            "first": view.first,
            "drag": dict(view.drag),
            "press": dict(view.press),
            "grab": {uid: list(controls) for uid, controls in view.grab.items()},
            "reveal": _places(base, trace, view.reveal, selections) if view.reveal else None,
            "strip": view.strip(trace).as_data() if view.strip else None,
            "scene": view.scene(trace) if view.scene else None,
            "sound": view.sound(trace).as_data() if view.sound else None,
        }

    def _answer(self, change: Any) -> None:
        # Student input reaches the model here: impossible input gets an error sentence, and the last picture stays.
        start = time.perf_counter()
        try:
            trace = self._compute(change["new"])
            structure = self._view.structure(trace)
            base = self._base if structure == self._structure else self._view.figure(trace)
            content = self._as_sent(self._content(trace, base))
        except (ValueError, TypeError) as error:
            self._serial += 1
            self.content = self.content | {"serial": self._serial, "error": str(error)}
            return
        self._trace = trace
        self._seconds.append(time.perf_counter() - start)
        with self.hold_sync():
            if base is not self._base:
                self._base, self._structure = base, structure
                self.figure = figure_to_tree(base)
            self.content = content

    def _as_sent(self, content: dict[str, Any]) -> dict[str, Any]:
        """Give a content that was sent ahead the serial it had: by this the browser knows that it is drawn."""
        if not self._ahead:
            return content
        encoded = encode(content)
        contents = [sent["content"] for sent in self._ahead]
        serials = (sent["serial"] for sent in contents if sent == encoded | {"serial": sent["serial"]})
        return content | {"serial": next(serials, content["serial"])}


def _places(base: go.Figure, trace: Trace, reveal: Reveal[Trace], selections: Sequence[int]) -> dict[str, Any]:
    """Return a reveal as the front end reads it, its traces by number."""
    sources = resolved(base, {place: place for place in reveal.heads.values()})
    number_of = {name: number for number, name in sources.items()}
    heads = {place: number_of[source] for place, source in resolved(base, reveal.heads).items()}
    cells = {place: np.stack([since(trace, one) for one in selections]) for place, since in reveal.cells.items()}
    trails = resolved(base, reveal.trails)
    return {"control": reveal.control, "trails": trails, "heads": heads, "cells": resolved(base, cells)}
