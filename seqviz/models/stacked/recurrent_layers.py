"""One-layer recurrent networks without an output, all with one interface, so that they can be put together.

The wrappers of `stacked` and `bidirectional` know nothing of cells. They take any `Layer`, and are layers themselves:
a stack of bidirectional layers is written as it is said.
"""

from typing import Any, Protocol

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.gated import gru, lstm
from seqviz.models.recurrent import rnn
from seqviz.models.recurrent.rnn import Nonlinearity
from seqviz.models.torch_weights import new_weights, start_uniform


class Layer(Protocol):
    """What a one-layer sequence model takes and returns.

    ``layer(x, initial, lengths)`` returns the states, (batch, time, hidden), and the final state of every row: that
    after its last real step. A final state has the form of an initial one, so that a sequence can be read in pieces:
    a tensor (batch, hidden) for an RNN or GRU, the pair (h, c) for an LSTM, a tuple with one entry per part for a
    wrapper. ``None`` means zeros. What the states hold past a row's length is up to the layer.
    """

    def __call__(self, x: Tensor, initial: Any = None, lengths: Tensor | None = None) -> tuple[Tensor, Any]:
        """Read a batch; return the states of every step and the final state."""
        ...


class RNNLayer(nn.Module):
    r"""The recurrence of `rnn.rnn_forward` with weights of its own: $h_t = \phi(W_x x_t + W_h h_{t-1} + b)$."""

    W_x: nn.Parameter
    W_h: nn.Parameter
    b: nn.Parameter

    def __init__(
        self,
        inputs: int,
        hidden: int,
        nonlinearity: Nonlinearity = "tanh",
        bias: bool = True,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.nonlinearity: Nonlinearity = nonlinearity
        new_weights(self, inputs, hidden, 1, bias, dtype)

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        initial: Float[Tensor, "batch hidden"] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time hidden"], Float[Tensor, "batch hidden"]]:
        """Return the states and the last real one of every row. Raises as `rnn.rnn_forward`."""
        states = rnn.rnn_forward(x, self.W_x, self.W_h, self.b, initial, lengths, self.nonlinearity)
        return states, states[:, -1]


class GRULayer(nn.Module):
    r"""The recurrence of `gru.gru_forward`, of any variant, with weights of its own; torch's has the reset after."""

    W_x: nn.Parameter
    W_h: nn.Parameter
    b: nn.Parameter

    b_hn: nn.Parameter | None

    def __init__(
        self,
        inputs: int,
        hidden: int,
        variant: gru.Variant = "reset after",
        bias: bool = True,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.one_of("variant", variant, gru.BLOCKS)
        self.variant: gru.Variant = variant
        new_weights(self, inputs, hidden, len(gru.BLOCKS[variant]), bias, dtype)
        self.b_hn = None
        if variant == "reset after":
            self.b_hn = nn.Parameter(torch.zeros(hidden, dtype=dtype), requires_grad=bias)
            if bias:
                start_uniform([self.b_hn], hidden)

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        initial: Float[Tensor, "batch hidden"] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time hidden"], Float[Tensor, "batch hidden"]]:
        """Return the states and the last real one of every row. Raises as `gru.gru_forward`."""
        if self.variant == "reset after":  # the fast form is of this one
            states = gru.gru_recurrence(x, self.W_x, self.W_h, self.b, self.b_hn, initial, lengths)
        else:
            states = gru.gru_forward(x, self.W_x, self.W_h, self.b, self.b_hn, initial, lengths, self.variant)
        return states, states[:, -1]


class LSTMLayer(nn.Module):
    r"""The recurrence of `lstm.lstm_recurrence`, of any member of the family, with weights of its own.

    Its initial and final state is the pair (h, c).
    """

    W_x: nn.Parameter
    W_h: nn.Parameter
    b: nn.Parameter

    def __init__(
        self,
        inputs: int,
        hidden: int,
        gates: lstm.Gates = "ifgo",
        bias: bool = True,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.one_of("gates", gates, lstm.MEMBERS)
        self.gates: lstm.Gates = gates
        new_weights(self, inputs, hidden, len(gates), bias, dtype)

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        initial: tuple[Float[Tensor, "batch hidden"], Float[Tensor, "batch hidden"]] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time hidden"], tuple[Float[Tensor, "batch hidden"], Float[Tensor, "batch hidden"]]]:
        """Return the states and the last real (h, c) of every row. Raises as `lstm.lstm_recurrence`."""
        h_0, c_0 = (None, None) if initial is None else initial
        states, cells = lstm.lstm_recurrence(x, self.W_x, self.W_h, self.b, h_0, c_0, lengths, self.gates)
        return states, (states[:, -1], cells[:, -1])
