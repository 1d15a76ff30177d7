"""How far two libraries are from saying the same."""

from torch import Tensor


def largest_difference(one: Tensor, other: Tensor) -> float:
    """Return the largest difference of two numbers that stand in the same place. Raises ValueError for other shapes."""
    if one.shape != other.shape:
        raise ValueError(f"other: expected shape {tuple(one.shape)}, got {tuple(other.shape)}")
    return (one - other).abs().max().item()
