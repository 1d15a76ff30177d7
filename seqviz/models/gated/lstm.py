r"""Long short-term memory: a cell that adds, with gates that decide what to forget, what to write and what to show.

$$c_t = f_t \odot c_{t-1} + i_t \odot g_t \qquad h_t = o_t \odot \tanh(c_t)$$

The family grows by one gate at a time, and ``gates`` names a member by its blocks:

- ``"ig"``: an additive memory, $c_t = c_{t-1} + i_t \odot g_t$ and $h_t = \tanh(c_t)$. Nothing can be erased.
- ``"igo"``: the same with an output gate, as in Hochreiter & Schmidhuber 1997.
- ``"ifg"``: the forget gate alone, $h_t = \tanh(c_t)$.
- ``"ifgo"``: the full cell, as in torch; Gers et al. 2000 added the forget gate.

Weights are stacked as row blocks, ``hidden`` rows for each letter, in that order (torch's).
"""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.gated.lstm_by_hand import LSTMRecurrence
from seqviz.models.recurrent_network import Memory, RecurrentNetwork, output_layer
from seqviz.models.torch_weights import copy_layer, copy_output, only_layer, start_uniform

Gates = Literal["ig", "igo", "ifg", "ifgo"]
MEMBERS: tuple[Gates, ...] = ("ig", "igo", "ifg", "ifgo")


class LSTMGates(NamedTuple):
    """What one step decides; a gate that a member of the family lacks is 1."""

    input: Float[Tensor, "*axes hidden"]
    forget: Float[Tensor, "*axes hidden"]
    candidate: Float[Tensor, "*axes hidden"]
    output: Float[Tensor, "*axes hidden"]


def lstm_gates(
    projected: Float[Tensor, "*axes blocks"],
    h: Float[Tensor, "*axes hidden"],
    W_h: Float[Tensor, "blocks hidden"],
    gates: Gates = "ifgo",
) -> LSTMGates:
    r"""The gates and the candidate of a step.

    $$i = \sigma(W_{xi} x + W_{hi} h + b_i) \quad f = \sigma(W_{xf} x + W_{hf} h + b_f) \quad
      g = \tanh(W_{xg} x + W_{hg} h + b_g) \quad o = \sigma(W_{xo} x + W_{ho} h + b_o)$$

    where projected is $W_x x + b$, all blocks at once, and h is $h_{t-1}$.

    Source: Gers et al. 2000, "Learning to forget", section 3, without its scaling of the two squashing functions.
    """
    a = dict(zip(gates, (projected + h @ W_h.T).split(h.shape[-1], -1), strict=True))
    one = torch.ones_like(a["i"])
    return LSTMGates(
        torch.sigmoid(a["i"]),
        torch.sigmoid(a["f"]) if "f" in a else one,
        torch.tanh(a["g"]),
        torch.sigmoid(a["o"]) if "o" in a else one,
    )


def update(
    c: Float[Tensor, "*axes hidden"], gates: LSTMGates
) -> tuple[Float[Tensor, "*axes hidden"], Float[Tensor, "*axes hidden"]]:
    r"""Return $h_t = o \odot \tanh(c_t)$ and $c_t = f \odot c_{t-1} + i \odot g$."""
    c = gates.forget * c + gates.input * gates.candidate
    return gates.output * torch.tanh(c), c


def lstm_step(
    x_t: Float[Tensor, "batch input"],
    h: Float[Tensor, "batch hidden"],
    c: Float[Tensor, "batch hidden"],
    W_x: Float[Tensor, "blocks input"],
    W_h: Float[Tensor, "blocks hidden"],
    b: Float[Tensor, " blocks"],
    gates: Gates = "ifgo",
) -> tuple[Float[Tensor, "batch hidden"], Float[Tensor, "batch hidden"]]:
    """One step: return $h_t$ and $c_t$, in this order, from $h_{t-1}$ and $c_{t-1}$."""
    return update(c, lstm_gates(x_t @ W_x.T + b, h, W_h, gates))


def lstm_forward(
    x: Float[Tensor, "batch time input"],
    W_x: Float[Tensor, "blocks input"],
    W_h: Float[Tensor, "blocks hidden"],
    b: Float[Tensor, " blocks"],
    h_0: Float[Tensor, "batch hidden"] | None = None,
    c_0: Float[Tensor, "batch hidden"] | None = None,
    lengths: Int[Tensor, " batch"] | None = None,
    gates: Gates = "ifgo",
) -> tuple[Float[Tensor, "batch time hidden"], Float[Tensor, "batch time hidden"]]:
    r"""All states $h_1 … h_T$ and cells $c_1 … c_T$ of `lstm_step`, for autograd to follow step by step.

    where h_0 and c_0 are zeros if not given and lengths says how many steps of each row are real. Past its length a
    row keeps its last real state and cell.

    Raises ValueError or TypeError when shapes, dtypes, lengths or gates do not fit or the sequence is empty.
    """
    check_inputs(x, W_x, W_h, b, h_0, c_0, lengths, gates)
    h, c = (x.new_zeros(len(x), W_h.shape[1]) if start is None else start for start in (h_0, c_0))
    states, cells = [], []
    # unbind, not projected[:, t]: the backward pass of an index writes a tensor as long as the sequence, T times.
    for t, projected in enumerate((x @ W_x.T + b).unbind(1)):
        h_new, c_new = update(c, lstm_gates(projected, h, W_h, gates))
        real = None if lengths is None else (t < lengths)[:, None]
        h, c = (h_new, c_new) if real is None else (torch.where(real, h_new, h), torch.where(real, c_new, c))
        states.append(h)
        cells.append(c)
    return torch.stack(states, 1), torch.stack(cells, 1)


def lstm_recurrence(
    x: Float[Tensor, "batch time input"],
    W_x: Float[Tensor, "blocks input"],
    W_h: Float[Tensor, "blocks hidden"],
    b: Float[Tensor, " blocks"],
    h_0: Float[Tensor, "batch hidden"] | None = None,
    c_0: Float[Tensor, "batch hidden"] | None = None,
    lengths: Int[Tensor, " batch"] | None = None,
    gates: Gates = "ifgo",
) -> tuple[Float[Tensor, "batch time hidden"], Float[Tensor, "batch time hidden"]]:
    r"""All states and cells, like `lstm_forward`, with the backward pass written by hand.

    With $\delta_t = \partial\mathcal L/\partial h_t$ and $\epsilon_t = \partial\mathcal L/\partial c_t$ complete:

    $$\epsilon_t = \frac{\partial\mathcal L_t}{\partial c_t} + \delta_t \odot o_t \odot (1 - \tanh^2 c_t)
        + \epsilon_{t+1} \odot f_{t+1} \qquad
      \delta_t = \frac{\partial\mathcal L_t}{\partial h_t} + W_h^\top \frac{\partial\mathcal L}{\partial a_{t+1}}$$
    $$\frac{\partial\mathcal L}{\partial a_i} = \epsilon_t \odot g_t \odot i_t (1 - i_t) \quad
      \frac{\partial\mathcal L}{\partial a_f} = \epsilon_t \odot c_{t-1} \odot f_t (1 - f_t) \quad
      \frac{\partial\mathcal L}{\partial a_g} = \epsilon_t \odot i_t (1 - g_t^2) \quad
      \frac{\partial\mathcal L}{\partial a_o} = \delta_t \odot \tanh(c_t) \odot o_t (1 - o_t)$$

    Only δ and ε wait for the step after them: all factors beside them are computed for many steps at once, and each
    weight's gradient is one product over those. Gradients of gradients are not available.
    Raises as `lstm_forward`.
    """
    check_inputs(x, W_x, W_h, b, h_0, c_0, lengths, gates)
    h_0, c_0 = (x.new_zeros(len(x), W_h.shape[1]) if start is None else start for start in (h_0, c_0))
    if lengths is None:
        return LSTMRecurrence.apply(x, W_x, W_h, b, h_0, c_0, gates)  # type: ignore[return-value] apply is untyped
    steps = torch.arange(x.shape[1])
    # What stands in the padding is run over as zeros and then replaced, so no gradient comes from it or reaches it.
    x = torch.where((steps < lengths[:, None])[..., None], x, 0.0)
    last_real = torch.minimum(steps, lengths[:, None] - 1)[..., None].expand(-1, -1, W_h.shape[1])
    states, cells = LSTMRecurrence.apply(x, W_x, W_h, b, h_0, c_0, gates)  # type: ignore[misc] apply is untyped
    return states.gather(1, last_real), cells.gather(1, last_real)


def check_inputs(
    x: Tensor,
    W_x: Tensor,
    W_h: Tensor,
    b: Tensor,
    h_0: Tensor | None = None,
    c_0: Tensor | None = None,
    lengths: Tensor | None = None,
    gates: Gates = "ifgo",
) -> None:
    """Raise ValueError or TypeError, saying what was expected and what came, unless a sequence fits the weights."""
    expect.one_of("gates", gates, MEMBERS)
    expect.same_dtype(x=x, W_x=W_x, W_h=W_h, b=b, h_0=h_0, c_0=c_0)
    expect.row_blocks(gates, W_x, W_h, b)
    expect.sequences(x, W_x.shape[1], W_h.shape[1], lengths, h_0=h_0, c_0=c_0)


class LSTM(RecurrentNetwork):
    r"""An LSTM with an output layer at every step: $\text{logits}_t = W_{hy} h_t + b_y$.

    The parameters are those of `lstm_gates`, stacked. All start uniform in $\pm 1/\sqrt{\text{hidden}}$, as in torch;
    then forget_bias, if given, is what every $b_f$ starts from.

    Raises ValueError for a forget bias where there is no forget gate.
    """

    parts = 2  # h and c

    def __init__(
        self,
        inputs: int,
        hidden: int,
        outputs: int,
        gates: Gates = "ifgo",
        forget_bias: float | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.at_least_one(inputs=inputs, hidden=hidden, outputs=outputs)
        self.inputs = inputs
        expect.one_of("gates", gates, MEMBERS)
        if forget_bias is not None and "f" not in gates:
            raise ValueError(f"forget_bias: expected None for {gates!r}, which has no forget gate, got {forget_bias}")
        self.gates: Gates = gates
        self.W_x = nn.Parameter(torch.empty(len(gates) * hidden, inputs, dtype=dtype))
        self.W_h = nn.Parameter(torch.empty(len(gates) * hidden, hidden, dtype=dtype))
        self.b = nn.Parameter(torch.empty(len(gates) * hidden, dtype=dtype))
        self.W_hy = nn.Parameter(torch.empty(outputs, hidden, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(outputs, dtype=dtype))
        start_uniform(self.parameters(), hidden)
        if forget_bias is not None:
            nn.init.constant_(self.b[gates.index("f") * hidden :][:hidden], forget_bias)

    @classmethod
    def from_torch(cls, recurrent: nn.LSTM, output: nn.Linear) -> "LSTM":
        """Copy the weights of a one-layer, one-direction ``nn.LSTM`` and an ``nn.Linear``; its two biases add up to b.

        Raises ValueError for more layers or directions, or a projection.
        """
        weights = only_layer(recurrent)
        model = cls(recurrent.input_size, recurrent.hidden_size, output.out_features, dtype=weights[0].dtype)
        copy_layer(weights, model.W_x, model.W_h, model.b)
        copy_output(output, model.W_hy, model.b_y)
        return model

    def run(
        self,
        x: Float[Tensor, "batch time input"],
        h_0: Float[Tensor, "batch hidden"] | None = None,
        c_0: Float[Tensor, "batch hidden"] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time hidden"], Float[Tensor, "batch time hidden"]]:
        """Return the states and the cells of every step."""
        return lstm_recurrence(x, self.W_x, self.W_h, self.b, h_0, c_0, lengths, self.gates)

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        h_0: Float[Tensor, "batch hidden"] | None = None,
        c_0: Float[Tensor, "batch hidden"] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time output"], Float[Tensor, "batch time hidden"]]:
        """Return the logits and the states of every step."""
        states, _ = self.run(x, h_0, c_0, lengths)
        return output_layer(states, self.W_hy, self.b_y), states

    def step(self, x_t: Float[Tensor, "batch input"], memory: Memory) -> Memory:
        """Read one input of every row."""
        h, c = memory
        return lstm_step(x_t, h, c, self.W_x, self.W_h, self.b, self.gates)
