r"""From the states of all steps to one vector for each sequence, whatever its length.

$$\text{mean}\; \frac1T \sum_{t=1}^{T} h_t \qquad \text{max}\; \max_{1 \le t \le T} h_t \qquad \text{last}\; h_T
  \qquad \text{both ends}\; [\overrightarrow h_T; \overleftarrow h_1]$$

where T is the length of the row, not of the batch: what stands in the padding, be it NaN, changes nothing. Without
lengths every step is real. Each function raises ValueError or TypeError when shapes or lengths do not fit.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from seqviz.models import expect
from seqviz.models.masks import real_steps

States = Float[Tensor, "batch time hidden"]
Lengths = Int[Tensor, " batch"] | None
Pooled = Float[Tensor, "batch hidden"]


def mean_over_time(states: States, lengths: Lengths = None) -> Pooled:
    r"""Return $\frac1T \sum_t h_t$ over the real steps of each row."""
    lengths, real = _real(states, lengths)
    # where, not a product: 0 · NaN is NaN
    return torch.where(real[..., None], states, 0.0).sum(1) / lengths[:, None]


def max_over_time(states: States, lengths: Lengths = None) -> Pooled:
    r"""Return the largest value that each unit reached over the real steps of a row, $\max_t h_t$."""
    _, real = _real(states, lengths)
    return torch.where(real[..., None], states, -torch.inf).amax(1)


def last_state(states: States, lengths: Lengths = None) -> Pooled:
    """Return the state after the last real step of each row."""
    lengths, _ = _real(states, lengths)
    return states[torch.arange(len(states)), lengths - 1]


def both_ends(states: States, lengths: Lengths = None) -> Pooled:
    r"""Return $[\overrightarrow h_T; \overleftarrow h_1]$: of each direction, the state that has read everything.

    where the first half of every state belongs to the network that reads forwards. Raises ValueError for an odd size.
    """
    size = states.shape[-1]
    if size % 2:
        raise ValueError(f"states: expected two directions of one size, got {size} numbers in a state")
    return torch.cat([last_state(states, lengths)[:, : size // 2], states[:, 0, size // 2 :]], dim=-1)


def _real(states: States, lengths: Lengths) -> tuple[Int[Tensor, " batch"], Bool[Tensor, "batch time"]]:
    expect.shape("states", states, {"batch": None, "time": None, "hidden": None})
    batch, time, _ = states.shape
    if time == 0:
        raise ValueError(f"states: expected at least one step, got shape {tuple(states.shape)}")
    lengths = torch.full((batch,), time) if lengths is None else lengths
    return lengths, real_steps(lengths, batch, time)


POOLINGS = {"mean": mean_over_time, "max": max_over_time, "last": last_state, "both ends": both_ends}
