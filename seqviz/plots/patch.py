"""What of a figure depends on the selected step, as data: the browser can follow a hand without asking the kernel.

A patch maps a place in the figure to its value: ``curve.y`` is the y of the trace whose ``uid`` is "curve", and
``layout.shapes.0.x0`` a place in the layout. A ``uid`` has letters, digits and hyphens alone: plotly.js
makes a CSS selector of it when the trace goes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

Patch = Mapping[str, Any]


def patched(figure: go.Figure, patch: Patch) -> go.Figure:
    """Set every place of the patch in ``figure`` and return it. Raises ValueError for a trace that is not there."""
    for path, value in resolved(figure, patch).items():
        *parents, attribute = path.split(".")
        target: Any = figure
        for name in parents:
            target = target[int(name)] if name.isdigit() else target[name]
        target[attribute] = value
    return figure


def resolved(figure: go.Figure, patch: Patch) -> dict[str, Any]:
    """Return the patch by number: ``curve.y`` becomes ``data.2.y`` where that trace is the third.

    Raises ValueError for a trace that is not there.
    """
    traces: Any = figure.data
    numbers = {trace.uid: number for number, trace in enumerate(traces) if trace.uid}

    def place(path: str) -> str:
        first, _, rest = path.partition(".")
        if first == "layout":
            return path
        if first not in numbers:
            raise ValueError(
                f"expected a trace named one of {', '.join(map(repr, numbers))}, got {first!r} in {path!r}"
            )
        return f"data.{numbers[first]}.{rest}"

    return {place(path): value for path, value in patch.items()}


def sweep(figure: go.Figure, patch_of: Callable[[int], Patch], selections: Sequence[int]) -> dict[str, Any]:
    """Stack the patches of every selection, by number: path → array whose first axis is the selection.

    Where values are texts, a list stands in place of the array.
    """
    patches = [patch_of(selection) for selection in selections]
    stacked = {path: _stacked([patch[path] for patch in patches]) for path in (patches[0] if patches else {})}
    return resolved(figure, stacked)


def _stacked(values: list[Any]) -> Any:
    array = np.asarray(values)
    return array if array.dtype.kind in "fiu" else values
