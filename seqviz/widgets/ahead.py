"""Where a hand that moves a slider may be next."""

from collections.abc import Iterable, Mapping
from typing import Any

from seqviz.widgets.controls import Control, Range


def neighbours(controls: Iterable[Control], before: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all values one and two steps on, each as far as the last, and one back, where the slider reaches.

    Two, since a key that is held repeats sooner than a kernel answers.
    A hand moves one control at a time; without one slider of the kernel that moved, nothing can be said.
    """
    moved = [control for control in controls if not control.browser and before[control.name] != now[control.name]]
    if len(moved) != 1 or not isinstance(moved[0], Range):
        return []
    slider = moved[0]
    there, here = before[slider.name], now[slider.name]
    places = (here + (here - there), here + 2 * (here - there), there)
    return [dict(now) | {slider.name: value} for value in places if slider.minimum <= value <= slider.maximum]
