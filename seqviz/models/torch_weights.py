"""Weights as torch has them: how it starts them, and copies of those of one layer and of an output layer."""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from seqviz.models import expect


def start_uniform(parameters: Iterable[Tensor], count: int) -> None:
    r"""Draw every number uniformly from $\pm 1/\sqrt{\text{count}}$, as torch does.

    where count is the hidden size in a recurrent network, in any other layer the number of inputs to each output.
    """
    for parameter in parameters:
        nn.init.uniform_(parameter, -(count**-0.5), count**-0.5)


def new_weights(layer: nn.Module, inputs: int, hidden: int, blocks: int, bias: bool, dtype: torch.dtype | None) -> None:
    r"""Give a layer its matrices and bias, ``blocks`` times hidden rows each, uniform in $\pm 1/\sqrt{\text{hidden}}$.

    Without a bias it is 0 and not learnt. Raises ValueError for a size below 1.
    """
    expect.at_least_one(inputs=inputs, hidden=hidden)
    rows = blocks * hidden
    for name, shape in {"W_x": (rows, inputs), "W_h": (rows, hidden), "b": (rows,)}.items():
        weight = torch.empty(shape, dtype=dtype)
        start_uniform([weight], hidden)
        learnt = bias or name != "b"
        setattr(layer, name, nn.Parameter(weight if learnt else torch.zeros_like(weight), requires_grad=learnt))


def only_layer(network: nn.RNN | nn.LSTM | nn.GRU) -> list[nn.Parameter]:
    """Return the matrices, and the biases if there are any, of a network of one layer and one direction.

    Raises ValueError for more layers or directions, or a projection.
    """
    parts = "one layer and one direction"
    came = f"num_layers={network.num_layers}, bidirectional={network.bidirectional}"
    if isinstance(network, nn.LSTM):  # alone in having projections
        parts, came = "one layer, one direction and no projection", f"{came}, proj_size={network.proj_size}"
    if network.num_layers != 1 or network.bidirectional or network.proj_size:
        raise ValueError(f"expected an nn.{network.mode.partition('_')[0]} of {parts}, got {came}")
    return network.all_weights[0]


@torch.no_grad()
def copy_layer(theirs: Sequence[Tensor], W_x: Tensor, W_h: Tensor, b: Tensor, b_hn: Tensor | None = None) -> None:
    """Copy the weights of a layer, as torch lists them, into ours.

    torch's two biases add up, but for the second one of a GRU's candidate, which stands inside a product: b_hn.
    """
    W_ih, W_hh, *biases = theirs
    W_x.copy_(W_ih)
    W_h.copy_(W_hh)
    b_ih, b_hh = biases or b.new_zeros(2, len(b))
    outside = len(b) if b_hn is None else len(b) - len(b_hn)
    b.copy_(b_ih)
    b[:outside] += b_hh[:outside]
    if b_hn is not None:
        b_hn.copy_(b_hh[outside:])


@torch.no_grad()
def copy_output(theirs: nn.Linear, W_hy: Tensor, b_y: Tensor) -> None:
    """Copy an output layer; without a bias, ours is 0."""
    W_hy.copy_(theirs.weight)
    b_y.copy_(torch.zeros_like(b_y) if theirs.bias is None else theirs.bias)
