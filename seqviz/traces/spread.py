"""Erase one input after the other and keep which states of a stack move."""

import copy
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import Stacked, expect
from seqviz.traces.records import SpreadTrace

ROUNDING = 1e-12  # in float64; what moves less has not moved


def trace_spread(stack: Stacked, x: Float[Tensor, "time input"], tokens: Sequence[str]) -> SpreadTrace:
    r"""Record $\lVert a^{[l]\langle t\rangle} - \tilde a^{[l]\langle t\rangle} \rVert$ where $\tilde a$ has read $x_k = 0$.

    Every k is a row of one batch. Dropout is off.

    Raises ValueError when there is not one token per step or a weight is not finite.
    """
    expect.shape("x", x, {"time": len(tokens), "input": None})
    expect.finite(**dict(stack.named_parameters()))
    exact = copy.deepcopy(stack).double().eval()
    time = len(tokens)
    rows = x.double().repeat(time + 1, 1, 1)
    rows[torch.arange(time), torch.arange(time)] = 0
    with torch.no_grad():
        states = (rows, *exact.every_layer(rows)[0])
    moved = torch.stack([(layer[:-1] - layer[-1]).norm(dim=-1) for layer in states], dim=1)
    return SpreadTrace(tuple(tokens), torch.where(moved > ROUNDING, moved, 0.0).numpy())
