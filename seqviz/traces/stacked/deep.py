"""Look inside a stack of layers, at every step of a sequence."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect
from seqviz.models.stacked.stack import Stacked
from seqviz.traces.reading import to_numpy
from seqviz.traces.stacked.layer_unit import trace_layer_unit
from seqviz.traces.stacked.records import DeepTrace


def trace_deep(stack: Stacked, x: Float[Tensor, "time input"], tokens: Sequence[str], unit: int) -> DeepTrace:
    r"""Record what the same unit of every layer adds up: $W_{xh}^{[l]} h^{[l-1]}_t + W_{hh}^{[l]} h^{[l]}_{t-1} + b_h$.

    where ``tokens`` says what is read at each step of ``x``. Dropout is off.

    Raises ValueError when there is not one token per step, a weight is not finite, there is no such unit, or a layer
    is not a plain one.
    """
    expect.shape("x", x, {"time": len(tokens), "input": None})
    states, sums = [], []
    for layer in stack.layers:
        x, of_unit = trace_layer_unit(layer, x, unit)
        states.append(x[:, unit])
        sums.append(of_unit)
    return DeepTrace(tuple(tokens), unit, to_numpy(torch.stack(sums)), to_numpy(torch.stack(states)))
