"""A short pattern somewhere in a noisy sequence: a ramp up, or the same ramp backwards.

Both ramps hold the same five values, so only their order tells the classes apart. Who learns with the ramp in some
places and is asked in others shows what it shares between places.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

RAMP = (0.4, 0.8, 1.2, 1.6, 2.0)
RAMPS = ("rising", "falling")  # the names of classes 0 and 1
MARGIN = 4  # steps of noise at least before and after: at an edge, a window that hangs over sees no noise


def ramp_positions(time: int) -> range:
    """Return the places (counted from 0) where a ramp may start in a sequence of ``time`` steps.

    Raises ValueError when there is none.
    """
    shortest = len(RAMP) + 2 * MARGIN
    if time < shortest:
        raise ValueError(f"time: expected at least {shortest}, a ramp and {MARGIN} steps on each side, got {time}")
    return range(MARGIN, time - len(RAMP) - MARGIN + 1)


def place_ramps(
    background: Float[Tensor, "batch time"], y: Int[Tensor, " batch"], positions: Int[Tensor, " batch"]
) -> Float[Tensor, "batch time 1"]:
    """Add a ramp to each row, its first value at the row's position; falling where y is 1.

    Raises ValueError when a position is not one of `ramp_positions`.
    """
    allowed = ramp_positions(background.shape[1])
    if int(positions.min()) < allowed[0] or int(positions.max()) > allowed[-1]:
        raise ValueError(f"positions: expected {allowed[0]} … {allowed[-1]}, got {positions.tolist()}")
    rising = torch.tensor(RAMP, dtype=background.dtype)
    ramps = torch.where(y[:, None] == 1, rising.flip(0), rising)
    return background.scatter_add(1, positions[:, None] + torch.arange(len(RAMP)), ramps)[..., None]


def shifted_pattern(
    batch: int, positions: Sequence[int], generator: Generator, *, time: int = 32, noise: float = 0.3
) -> tuple[Float[Tensor, "batch time 1"], Int[Tensor, " batch"]]:
    """Draw sequences with a ramp at one of the positions (counted from 0), and say which: 0 rising, 1 falling."""
    background = noise * torch.randn(batch, time, generator=generator)
    y = torch.randint(2, (batch,), generator=generator)
    drawn = torch.randint(len(positions), (batch,), generator=generator)
    return place_ramps(background, y, torch.tensor(list(positions))[drawn]), y
