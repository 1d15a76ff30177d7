"""Slide one ramp along the same noise and ask every model what it sees."""

from collections.abc import Callable, Collection, Mapping

import torch
from torch import Tensor

from seqviz.data.sequences.shifted_pattern import RAMP, RAMPS, place_ramps, ramp_positions
from seqviz.traces.sequences.records import ShiftTrace


def trace_shift(
    models: Mapping[str, Callable[[Tensor], Tensor]],
    right: str,
    trained: Collection[int],
    *,
    time: int = 32,
    noise: float = 0.3,
    seed: int = 0,
) -> ShiftTrace:
    """Record the probability of the right answer for the ramp ``right`` at each of its places.

    where models map x (batch, time, 1) to two scores (batch, 2), and trained holds the places (counted from 0) where
    they saw ramps while they learnt.

    Raises ValueError for an unknown ramp.
    """
    if right not in RAMPS:
        raise ValueError(f"right: expected one of {RAMPS}, got {right!r}")
    label = RAMPS.index(right)
    starts = torch.tensor(list(ramp_positions(time)))
    background = noise * torch.randn(1, time, generator=torch.Generator().manual_seed(seed))
    x = place_ramps(background.expand(len(starts), time), torch.full_like(starts, label), starts)
    with torch.no_grad():
        probabilities = {name: model(x).softmax(-1)[:, label].numpy() for name, model in models.items()}
    seen = torch.tensor([int(start) in trained for start in starts])
    return ShiftTrace(right, starts.numpy(), seen.numpy(), len(RAMP), x[..., 0].numpy(), probabilities)
