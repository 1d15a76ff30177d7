"""Where a hand that moves a slider may be next."""

from collections.abc import Iterable, Mapping
from typing import Any

from seqviz.widgets.controls import Control, Range


def neighbours(controls: Iterable[Control], before: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all values if the hand goes on by as much as it went, and if it goes back, as far as the slider reaches.

    A hand moves one control at a time; without one slider of the kernel that moved, nothing can be said.
    """
    moved = [control for control in controls if not control.browser and before[control.name] != now[control.name]]
    if len(moved) != 1 or not isinstance(moved[0], Range):
        return []
    slider = moved[0]
    there, here = before[slider.name], now[slider.name]
    onward = 2 * here - there
    inside = slider.minimum <= onward <= slider.maximum
    return [dict(now) | {slider.name: value} for value in ([onward] if inside else []) + [there]]
