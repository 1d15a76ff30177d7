r"""The Elman network: one step, a whole sequence, the output layer, and the three in one module."""

from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.recurrent_network import Memory, RecurrentNetwork, output_layer
from seqviz.models.torch_weights import copy_layer, copy_output, only_layer, start_uniform

Nonlinearity = Literal["tanh", "relu"]


def activate(a: Float[Tensor, "*axes"], nonlinearity: Nonlinearity) -> Float[Tensor, "*axes"]:
    r"""Apply $\phi$, the tanh or relu of the hidden layer."""
    if nonlinearity == "tanh":
        return torch.tanh(a)
    if nonlinearity == "relu":
        return torch.relu(a)
    raise ValueError(f"nonlinearity: expected 'tanh' or 'relu', got {nonlinearity!r}")


def activation_slope(h: Float[Tensor, "*axes"], nonlinearity: Nonlinearity) -> Float[Tensor, "*axes"]:
    r"""Return $\phi'(a)$ from $h = \phi(a)$: $1 - h^2$ for tanh; 1 where $h > 0$, else 0, for relu."""
    if nonlinearity == "tanh":
        return 1 - h * h
    if nonlinearity == "relu":
        return (h > 0).to(h.dtype)
    raise ValueError(f"nonlinearity: expected 'tanh' or 'relu', got {nonlinearity!r}")


def rnn_step(
    x_t: Float[Tensor, "batch input"],
    h: Float[Tensor, "batch hidden"],
    W_xh: Float[Tensor, "hidden input"],
    W_hh: Float[Tensor, "hidden hidden"],
    b_h: Float[Tensor, " hidden"],
    nonlinearity: Nonlinearity = "tanh",
) -> Float[Tensor, "batch hidden"]:
    r"""One step of the recurrence.

    $$h_t = \phi(W_{xh} x_t + W_{hh} h_{t-1} + b_h)$$

    where x_t is the input at step t, h the state $h_{t-1}$ of the same layer one step earlier and $\phi$ tanh or relu.
    Every row of the batch is a sequence of its own, hence the transposes below.

    Source: Elman 1990, "Finding structure in time", figure 2.
    """
    return activate(x_t @ W_xh.T + h @ W_hh.T + b_h, nonlinearity)


def rnn_forward(
    x: Float[Tensor, "batch time input"],
    W_xh: Float[Tensor, "hidden input"],
    W_hh: Float[Tensor, "hidden hidden"],
    b_h: Float[Tensor, " hidden"],
    h_0: Float[Tensor, "batch hidden"] | None = None,
    lengths: Int[Tensor, " batch"] | None = None,
    nonlinearity: Nonlinearity = "tanh",
) -> Float[Tensor, "batch time hidden"]:
    r"""All states $h_1 … h_T$ of `rnn_step` applied along a sequence, with the same weights at every step.

    where h_0 is the state before the first step (zeros if not given) and lengths says how many steps of each row are
    real. Past its length a row keeps its last real state, so ``states[:, -1]`` is the final state of every row.

    Raises ValueError or TypeError when shapes, dtypes or lengths do not fit or the sequence is empty.
    """
    check_inputs(x, W_xh, W_hh, b_h, h_0, lengths)
    # The input's share of every step does not wait for the state: one product for the whole sequence.
    projected = x @ W_xh.T + b_h
    h = x.new_zeros(len(x), len(W_hh)) if h_0 is None else h_0
    states = []
    # unbind, not projected[:, t]: the backward pass of an index writes a tensor as long as the sequence, T times.
    for t, projected_t in enumerate(projected.unbind(1)):
        h_new = activate(projected_t + h @ W_hh.T, nonlinearity)
        h = h_new if lengths is None else torch.where((t < lengths)[:, None], h_new, h)
        states.append(h)
    return torch.stack(states, dim=1)


def check_inputs(
    x: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor, h_0: Tensor | None = None, lengths: Tensor | None = None
) -> None:
    """Raise ValueError or TypeError, saying what was expected and what came, unless a sequence fits the weights."""
    expect.same_dtype(x=x, W_xh=W_xh, W_hh=W_hh, b_h=b_h, h_0=h_0)
    expect.shape("W_xh", W_xh, {"hidden": None, "input": None})
    hidden, inputs = W_xh.shape
    expect.shape("W_hh", W_hh, {"hidden": hidden, "hidden again": hidden})
    expect.shape("b_h", b_h, {"hidden": hidden})
    expect.sequences(x, inputs, hidden, lengths, h_0=h_0)


class RNN(RecurrentNetwork):
    r"""An Elman network with an output layer at every step.

    $$h_t = \phi(W_{xh} x_t + W_{hh} h_{t-1} + b_h) \qquad \text{logits}_t = W_{hy} h_t + b_y$$

    The parameters bear the names of the equation. All start uniform in $\pm 1/\sqrt{\text{hidden}}$, as in torch.
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        outputs: int,
        nonlinearity: Nonlinearity = "tanh",
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.at_least_one(inputs=inputs, hidden=hidden, outputs=outputs)
        self.inputs = inputs
        self.nonlinearity: Nonlinearity = nonlinearity
        self.W_xh = nn.Parameter(torch.empty(hidden, inputs, dtype=dtype))
        self.W_hh = nn.Parameter(torch.empty(hidden, hidden, dtype=dtype))
        self.b_h = nn.Parameter(torch.empty(hidden, dtype=dtype))
        self.W_hy = nn.Parameter(torch.empty(outputs, hidden, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(outputs, dtype=dtype))
        start_uniform(self.parameters(), hidden)

    @classmethod
    def from_torch(cls, recurrent: nn.RNN, output: nn.Linear) -> "RNN":
        """Copy the weights of a one-layer, one-direction ``nn.RNN`` and an ``nn.Linear``; its two biases add up to b_h.

        Raises ValueError for more layers or directions.
        """
        weights = only_layer(recurrent)
        nonlinearity: Nonlinearity = recurrent.nonlinearity  # type: ignore[assignment] nn.RNN checked it
        model = cls(recurrent.input_size, recurrent.hidden_size, output.out_features, nonlinearity, weights[0].dtype)
        copy_layer(weights, model.W_xh, model.W_hh, model.b_h)
        copy_output(output, model.W_hy, model.b_y)
        return model

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        h_0: Float[Tensor, "batch hidden"] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time output"], Float[Tensor, "batch time hidden"]]:
        """Return the logits and the states of every step."""
        states = rnn_forward(x, self.W_xh, self.W_hh, self.b_h, h_0, lengths, self.nonlinearity)
        return output_layer(states, self.W_hy, self.b_y), states

    def step(self, x_t: Float[Tensor, "batch input"], memory: Memory) -> Memory:
        """Read one input of every row."""
        return (rnn_step(x_t, memory[0], self.W_xh, self.W_hh, self.b_h, self.nonlinearity),)
