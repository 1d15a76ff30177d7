"""Checks shared by every model; their errors say what was expected and what was given."""

from collections.abc import Collection, Mapping

import torch
from torch import Tensor


def at_least_one(**sizes: int) -> None:
    """Raise ValueError for the first size below 1."""
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name}: expected at least 1, got {size}")


def one_of(name: str, value: str, choices: Collection[str]) -> None:
    """Raise ValueError unless ``value`` is one of the choices."""
    if value not in choices:
        raise ValueError(f"{name}: expected one of {', '.join(map(repr, choices))}, got {value!r}")


def shape(name: str, tensor: Tensor, expected: Mapping[str, int | None]) -> None:
    """Raise ValueError unless ``tensor`` has the expected axes, e.g. ``{"batch": None, "input": 3}`` (None: any)."""
    wanted = ", ".join(axis if size is None else f"{axis}={size}" for axis, size in expected.items())
    fits = tensor.dim() == len(expected) and all(
        size is None or size == actual for size, actual in zip(expected.values(), tensor.shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name}: expected shape ({wanted}), got {tuple(tensor.shape)}")


def same_dtype(**tensors: Tensor | None) -> None:
    """Raise TypeError unless all tensors share one floating dtype."""
    dtypes = {name: tensor.dtype for name, tensor in tensors.items() if tensor is not None}
    if len(set(dtypes.values())) > 1 or not all(dtype.is_floating_point for dtype in dtypes.values()):
        came = ", ".join(f"{name} {dtype}" for name, dtype in dtypes.items())
        raise TypeError(f"expected one floating dtype for all tensors, got {came}")


def finite(**tensors: Tensor) -> None:
    """Raise ValueError if a tensor holds NaN or infinity: a picture of it would be wrong and not look wrong."""
    for name, tensor in tensors.items():
        bad = int((~torch.isfinite(tensor)).sum())
        if bad:
            raise ValueError(f"{name}: expected finite numbers, got {bad} NaN or infinite of {tensor.numel()}")


def lengths(lengths: Tensor, batch: int, time: int) -> None:
    """Raise unless ``lengths`` holds one whole number in 1 … ``time`` for each of ``batch`` sequences."""
    if lengths.dtype.is_floating_point or lengths.dtype == torch.bool:
        raise TypeError(f"lengths: expected whole numbers, got {lengths.dtype}")
    shape("lengths", lengths, {"batch": batch})
    if int(lengths.min()) < 1 or int(lengths.max()) > time:
        raise ValueError(f"lengths: expected every length in 1 … {time}, got {lengths.tolist()}")


def sequences(x: Tensor, inputs: int, hidden: int, real_steps: Tensor | None = None, **starts: Tensor | None) -> None:
    """Raise unless ``x`` holds steps of ``inputs`` numbers, and the lengths and states before step 1 fit its rows."""
    shape("x", x, {"batch": None, "time": None, "input": inputs})
    batch, time, _ = x.shape
    if time == 0 or batch == 0:
        raise ValueError(f"x: expected at least one sequence of at least one step, got shape {tuple(x.shape)}")
    for name, start in starts.items():
        if start is not None:
            shape(name, start, {"batch": batch, "hidden": hidden})
    if real_steps is not None:
        lengths(real_steps, batch, time)


def row_blocks(blocks: str, W_x: Tensor, W_h: Tensor, b: Tensor) -> None:
    """Raise ValueError unless the weights have ``hidden`` rows for each letter of ``blocks``."""
    shape("W_h", W_h, {"blocks": None, "hidden": None})
    hidden = W_h.shape[1]
    rows = f"rows of {', '.join(blocks)}"
    shape("W_h", W_h, {rows: len(blocks) * hidden, "hidden": hidden})
    shape("W_x", W_x, {rows: len(W_h), "input": None})
    shape("b", b, {rows: len(W_h)})
