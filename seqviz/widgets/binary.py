"""Numbers on their way to the browser: float32 and int32 buffers instead of lists of digits."""

import base64
from typing import Any

import numpy as np
import plotly.graph_objects as go

# Precise enough for a canvas or a plot; float64 would double every message.
_SENT_AS = {"f": np.float32, "i": np.int32, "u": np.int32, "b": np.int32}


def encode(value: Any) -> Any:
    """Replace every array in a tree of dicts, lists and tuples by its dtype, shape and raw bytes."""
    if isinstance(value, np.ndarray) and value.dtype.kind in _SENT_AS:
        array = np.ascontiguousarray(value, dtype=_SENT_AS[value.dtype.kind])
        return {
            "dtype": array.dtype.name,
            "shape": list(value.shape),
            "bytes": array.tobytes(),
        }
    if isinstance(value, np.ndarray | list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return value.item() if isinstance(value, np.generic) else value


def figure_to_tree(figure: go.Figure) -> dict[str, Any]:
    """Return a figure as plain dicts with numpy arrays in place of plotly's base64 texts."""
    return {key: _with_arrays(part) for key, part in figure.to_plotly_json().items() if key in ("data", "layout")}


def _with_arrays(value: Any) -> Any:
    if isinstance(value, dict) and "bdata" in value:
        array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=np.dtype(value["dtype"]))
        if "shape" in value:
            array = array.reshape([int(size) for size in str(value["shape"]).split(",")])
        return array
    if isinstance(value, dict):
        return {key: _with_arrays(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_arrays(item) for item in value]
    return value


def without_buffers(tree: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Encode a tree for a message of our own: JSON with the place of each array's bytes, and the bytes beside it."""
    buffers: list[bytes] = []

    def numbered(value: Any) -> Any:
        if isinstance(value, bytes):
            buffers.append(value)
            return len(buffers) - 1
        if isinstance(value, dict):
            return {key: numbered(item) for key, item in value.items()}
        return [numbered(item) for item in value] if isinstance(value, list) else value

    return numbered(encode(tree)), buffers
