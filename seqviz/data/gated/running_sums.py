"""A task in which what is written must not depend on what was held: sums that begin anew at a mark."""

import torch
from jaxtyping import Float
from torch import Generator, Tensor

LARGEST, MARKED = 0.3, 0.2  # of the numbers; how likely a mark is


def running_sums(
    batch: int, time: int, generator: Generator
) -> tuple[Float[Tensor, "batch time input=2"], Float[Tensor, "batch time"]]:
    """Numbers, some of them marked; the target at every step is the sum from the last marked number on.

    where ``x[..., 0]`` holds numbers from −0.3 to 0.3 and ``x[..., 1]`` the marks: the first number has one, each other
    with a probability of 0.2. Raises ValueError for less than one step.
    """
    if time < 1:
        raise ValueError(f"time: expected at least 1 step, got {time}")
    numbers = LARGEST * (2 * torch.rand(batch, time, generator=generator) - 1)
    marks = (torch.rand(batch, time, generator=generator) < MARKED).float()
    marks[:, 0] = 1
    total, sums = torch.zeros(batch), []
    for number, mark in zip(numbers.unbind(1), marks.unbind(1), strict=True):
        total = number + (1 - mark) * total
        sums.append(total)
    return torch.stack([numbers, marks], -1), torch.stack(sums, 1)
