"""What one unit of a plain layer adds up at every step."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.stacked.recurrent_layers import RNNLayer
from seqviz.traces.reading import expect_unit


def trace_layer_unit(
    layer: nn.Module, x: Float[Tensor, "time input"], unit: int
) -> tuple[Float[Tensor, "time hidden"], Float[Tensor, "time part=3"]]:
    r"""Return a layer's states, and for one unit the terms of $W_x x_t + W_h h_{t-1} + b$ at every step.

    Raises ValueError for a layer that is no `RNNLayer`, a weight that is not finite, and a unit that there is not.
    """
    if not isinstance(layer, RNNLayer):
        raise ValueError(f"expected an RNNLayer, got a {type(layer).__name__}")
    expect.finite(**dict(layer.named_parameters()))
    expect_unit(unit, len(layer.W_h))
    with torch.no_grad():
        states = layer(x[None])[0][0]
        before = torch.cat([torch.zeros_like(states[:1]), states[:-1]])
        sums = torch.stack([x @ layer.W_x[unit], before @ layer.W_h[unit], layer.b[unit].expand(len(x))], -1)
    return states, sums
