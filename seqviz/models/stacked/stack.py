r"""Recurrent networks on top of each other: the states of one layer are what the next one reads.

$$h^{[l]}_t = \phi\bigl(W_{xh}^{[l]}\, h^{[l-1]}_t + W_{hh}^{[l]}\, h^{[l]}_{t-1} + b_h^{[l]}\bigr)
  \qquad h^{[0]}_t = x_t$$
"""

from collections.abc import Sequence
from typing import Any

from jaxtyping import Float, Int
from torch import Tensor, nn


class Stacked(nn.Module):
    r"""Any `recurrent_layers.Layer` on top of another, with dropout between them.

    $$h^{[l]} = \text{layer}_l(m^{[l]} \odot h^{[l-1]}) \qquad h^{[0]} = x$$

    where, while training, every entry of $m^{[l]}$ is 0 with probability dropout and 1/(1 − dropout) otherwise, drawn
    for every entry, and $m^{[1]} = 1$: dropout acts between two layers only, not on the input or the result. In
    evaluation all masks are 1.

    Source: Graves 2013, "Generating sequences with recurrent neural networks", equations 1–5 (whose connections that
    skip layers are left out); Zaremba et al. 2014, "Recurrent neural network regularization", for the dropout.
    """

    def __init__(self, layers: Sequence[nn.Module], dropout: float = 0.0) -> None:
        super().__init__()
        if not layers:
            raise ValueError("layers: expected at least one, got none")
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout: expected a probability of at least 0 and below 1, got {dropout}")
        self.layers = nn.ModuleList(layers)
        self.dropout = dropout

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        initial: Sequence[Any] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time hidden"], tuple[Any, ...]]:
        """Return the states of the top layer and the final state of every layer, the lowest first.

        where initial holds one entry per layer, in the same order.

        Raises ValueError when there are not as many initial states as layers.
        """
        states, final = self.every_layer(x, initial, lengths)
        return states[-1], final

    def every_layer(
        self, x: Tensor, initial: Sequence[Any] | None = None, lengths: Tensor | None = None
    ) -> tuple[tuple[Tensor, ...], tuple[Any, ...]]:
        """Return the states of every layer, the lowest first, and as `forward` the final ones."""
        initial = expect_one_each("initial", initial, len(self.layers), "layer")
        states, final = [], []
        for number, (layer, start) in enumerate(zip(self.layers, initial, strict=True)):
            if number:
                x = nn.functional.dropout(x, self.dropout, self.training)
            x, last = layer(x, start, lengths)
            states.append(x)
            final.append(last)
        return tuple(states), tuple(final)


def expect_one_each(name: str, values: Sequence[Any] | None, count: int, what: str) -> Sequence[Any]:
    """Return the values, or ``count`` times None for None. Raises ValueError unless there are ``count``."""
    if values is None:
        return [None] * count
    if len(values) != count:
        raise ValueError(f"{name}: expected one entry per {what}, {count} in all, got {len(values)}")
    return values
