"""What of a figure depends on the selected step, as data: the browser can follow a hand without asking the kernel.

A patch maps a path into the figure, like ``data.0.y`` or ``layout.shapes.0.x0``, to its value.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

Patch = Mapping[str, Any]


def patched(figure: go.Figure, patch: Patch) -> go.Figure:
    """Set every path of the patch in ``figure`` and return it."""
    for path, value in patch.items():
        *parents, attribute = path.split(".")
        target: Any = figure
        for name in parents:
            target = target[int(name)] if name.isdigit() else target[name]
        target[attribute] = value
    return figure


def sweep(patch_of: Callable[[int], Patch], selections: Sequence[int]) -> dict[str, Any]:
    """Stack the patches of every selection: path → array whose first axis is the selection (a list for texts)."""
    patches = [patch_of(selection) for selection in selections]
    return {path: _stacked([patch[path] for patch in patches]) for path in (patches[0] if patches else {})}


def _stacked(values: list[Any]) -> Any:
    array = np.asarray(values)
    return array if array.dtype.kind in "fiu" else values
