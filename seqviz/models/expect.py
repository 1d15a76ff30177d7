"""Errors that say what was expected and what came, shared by every model."""

from collections.abc import Mapping

import torch
from torch import Tensor


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
    """Raise ValueError if a tensor holds NaN or infinity: a picture of it would be wrong without looking wrong."""
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
