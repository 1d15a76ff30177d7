"""Erase each input in turn and record which states of a stack change."""

import copy
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.stack import Stacked
from seqviz.traces.stacked.records import SpreadTrace

ROUNDING = 1e-12  # in float64; what moves less has not moved


def trace_spread(stack: Stacked, x: Float[Tensor, "time input"], tokens: Sequence[str]) -> SpreadTrace:
    r"""Record $\lVert h^{[l]}_t - \tilde h^{[l]}_t \rVert$ for every erased input k.

    where $\tilde h$ are the states of a run that reads 0 in place of $x_k$.
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
        states, final = exact.every_layer(rows)
    parts = {"input": rows}
    for number, (layer, read, last) in enumerate(zip(exact.layers, states, final, strict=True), start=1):
        parts |= _parts(f"layer {number}", layer, read, last)
    moved = torch.stack([(part[:-1] - part[-1]).norm(dim=-1) for part in parts.values()], dim=1)
    return SpreadTrace(tuple(tokens), tuple(parts), torch.where(moved > ROUNDING, moved, 0.0).numpy())


def _parts(name: str, layer: nn.Module, states: Tensor, final: Any) -> dict[str, Tensor]:
    """Return a layer's states by name, those of a bidirectional layer in two parts."""
    if not isinstance(layer, Bidirectional):
        return {name: states}
    ahead = final[0][0] if isinstance(final[0], tuple) else final[0]  # h of an LSTM's (h, c)
    size = ahead.shape[-1]
    return {f"{name} →": states[..., :size], f"{name} ←": states[..., size:]}
