r"""Intervals around forecasts, and how often what came lay in them."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def normal_interval(
    mean: Float[Tensor, "*axes"], variance: Float[Tensor, "*axes"], level: float = 0.9
) -> tuple[Float[Tensor, "*axes"], Float[Tensor, "*axes"]]:
    r"""Return the lower and the upper end of the interval that holds a normal variable with probability ``level``.

    $$\mu \pm z \sigma \qquad z = \Phi^{-1}\big((1 + \text{level}) / 2\big)$$

    Raises ValueError for a level outside 0 … 1 (both excluded) and a negative variance.
    """
    if not 0 < level < 1:
        raise ValueError(f"level: expected above 0 and below 1, got {level}")
    if (variance < 0).any():
        raise ValueError(f"variance: expected at least 0, got {float(variance.min())}")
    z = math.sqrt(2) * float(torch.erfinv(torch.tensor(level, dtype=torch.float64)))
    half = z * variance.sqrt()
    return mean - half, mean + half


def inside(
    low: Float[Tensor, "*axes"], high: Float[Tensor, "*axes"], came: Float[Tensor, "*axes"]
) -> Bool[Tensor, "*axes"]:
    """Return where what came lies in its interval, ends included."""
    return (low <= came) & (came <= high)


def coverage(low: Float[Tensor, "*axes"], high: Float[Tensor, "*axes"], came: Float[Tensor, "*axes"]) -> float:
    """Return the share of what came that lies in its interval. NaN has not come; raises ValueError for NaN alone."""
    known = ~came.isnan()
    if not known.any():
        raise ValueError("came: expected at least one number, got NaN alone")
    return float(inside(low, high, came)[known].double().mean())
