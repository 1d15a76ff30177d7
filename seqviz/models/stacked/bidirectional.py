r"""Two recurrent networks on one sequence, one of them reading from the end.

$$\overrightarrow h_t = \phi(\overrightarrow W_{xh} x_t + \overrightarrow W_{hh} \overrightarrow h_{t-1}
  + \overrightarrow b_h) \qquad
  \overleftarrow h_t = \phi(\overleftarrow W_{xh} x_t + \overleftarrow W_{hh} \overleftarrow h_{t+1}
  + \overleftarrow b_h) \qquad h_t = [\overrightarrow h_t; \overleftarrow h_t]$$

Source: Schuster & Paliwal 1997, "Bidirectional recurrent neural networks", figure 3; equations as in Graves 2013,
"Speech recognition with deep recurrent neural networks", equations 8–10.
"""

from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor, nn

from seqviz.models.masks import real_steps
from seqviz.models.stacked.stack import expect_one_each


def reverse_sequences(
    x: Shaped[Tensor, "batch time *axes"], lengths: Int[Tensor, " batch"] | None = None
) -> Shaped[Tensor, "batch time *axes"]:
    r"""Turn every row around within its length; the padding behind it stays where it is.

    Step t of a row of length n becomes its step n + 1 − t. Doing it twice changes nothing.

    Raises ValueError or TypeError when the lengths do not fit.
    """
    if lengths is None:
        return x.flip(1)
    batch, time = x.shape[:2]
    steps = torch.arange(time)
    source = torch.where(real_steps(lengths, batch, time), lengths[:, None] - 1 - steps, steps)
    return x[torch.arange(batch)[:, None], source]


class Reversed(nn.Module):
    r"""A `recurrent_layers.Layer` that reads every row from its last real step to its first.

    Its states are those of the steps they stand at: that of step t has read $x_T, …, x_t$.
    """

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        initial: Any = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time hidden"], Any]:
        """Return the states of every step, and the final one: that after the first step."""
        states, final = self.layer(reverse_sequences(x, lengths), initial, lengths)
        return reverse_sequences(states, lengths), final


class Bidirectional(nn.Module):
    r"""Any two `recurrent_layers.Layer`, with weights of their own, one of which reads from the end.

    The backward layer goes from the last real step of a row to its first. The states of a step are those of both
    layers *at that step*, $[\overrightarrow h_t; \overleftarrow h_t]$, so the hidden size is the sum of both; past a
    row's length they are zero, as in torch's ``pad_packed_sequence``.
    """

    def __init__(self, forward_layer: nn.Module, backward_layer: nn.Module) -> None:
        super().__init__()
        if any(mine is other for mine in forward_layer.parameters() for other in backward_layer.parameters()):
            raise ValueError("expected two layers with weights of their own, got shared weights")
        self.forward_layer, self.backward_layer = forward_layer, Reversed(backward_layer)

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        initial: Sequence[Any] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time hidden"], tuple[Any, Any]]:
        """Return the states of every step, and the final states: forward after the last step, backward after the first.

        where initial is the pair of states that the forward layer has before the first step and the backward layer
        after the last.

        Raises ValueError when initial is not a pair, and as the layers do.
        """
        initial_forward, initial_backward = expect_one_each("initial", initial, 2, "direction")
        ahead, final_forward = self.forward_layer(x, initial_forward, lengths)
        back, final_backward = self.backward_layer(x, initial_backward, lengths)
        states = torch.cat([ahead, back], dim=-1)
        if lengths is not None:
            states = torch.where(real_steps(lengths, *x.shape[:2])[..., None], states, 0.0)
        return states, (final_forward, final_backward)
