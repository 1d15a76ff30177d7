r"""A recurrent network whose state is also read d steps later: a second, shorter way for what is remembered.

$$h_t = \phi(W_{xh} x_t + W_{hh} h_{t-1} + W_{skip} h_{t-d} + b_h)$$

From $h_T$ back to $h_k$ there is now a path of about $(T - k) / d$ factors beside the one of $T - k$.

Source: Lin, Horne, Tiňo, Giles 1996, "Learning long-term dependencies in NARX recurrent neural networks"; Goodfellow et
al. 2016, "Deep Learning", section 10.9.1.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.recurrent.rnn import Nonlinearity, activate, check_inputs
from seqviz.models.recurrent_network import output_layer
from seqviz.models.torch_weights import start_uniform


def skip_forward(
    x: Float[Tensor, "batch time input"],
    W_xh: Float[Tensor, "hidden input"],
    W_hh: Float[Tensor, "hidden hidden"],
    W_skip: Float[Tensor, "hidden hidden"],
    b_h: Float[Tensor, " hidden"],
    jump: int,
    nonlinearity: Nonlinearity = "tanh",
) -> Float[Tensor, "batch time hidden"]:
    r"""All states $h_1 … h_T$, where jump is $d$ and every state before the first input is zero.

    Raises ValueError or TypeError when shapes or dtypes do not fit, or when the jump is below 2 (one step is $W_{hh}$).
    """
    check_inputs(x, W_xh, W_hh, b_h)
    expect.same_dtype(W_hh=W_hh, W_skip=W_skip)
    expect.shape("W_skip", W_skip, {"hidden": len(W_hh), "hidden again": len(W_hh)})
    if jump < 2:
        raise ValueError(f"jump: expected at least 2, since W_hh already reads the step before, got {jump}")
    states = [x.new_zeros(len(x), len(W_hh))] * jump
    for projected_t in (x @ W_xh.T + b_h).unbind(1):
        states.append(activate(projected_t + states[-1] @ W_hh.T + states[-jump] @ W_skip.T, nonlinearity))
    return torch.stack(states[jump:], dim=1)


class SkipRNN(nn.Module):
    r"""`skip_forward` with an output layer at every step.

    All parameters start uniform in $\pm 1/\sqrt{\text{hidden}}$, as those of `rnn.RNN`.
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        outputs: int,
        jump: int,
        nonlinearity: Nonlinearity = "tanh",
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.jump = jump
        self.nonlinearity: Nonlinearity = nonlinearity
        self.W_xh = nn.Parameter(torch.empty(hidden, inputs, dtype=dtype))
        self.W_hh = nn.Parameter(torch.empty(hidden, hidden, dtype=dtype))
        self.W_skip = nn.Parameter(torch.empty(hidden, hidden, dtype=dtype))
        self.b_h = nn.Parameter(torch.empty(hidden, dtype=dtype))
        self.W_hy = nn.Parameter(torch.empty(outputs, hidden, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(outputs, dtype=dtype))
        start_uniform(self.parameters(), hidden)

    def forward(
        self, x: Float[Tensor, "batch time input"]
    ) -> tuple[Float[Tensor, "batch time output"], Float[Tensor, "batch time hidden"]]:
        """Return the logits and the states of every step."""
        states = skip_forward(x, self.W_xh, self.W_hh, self.W_skip, self.b_h, self.jump, self.nonlinearity)
        return output_layer(states, self.W_hy, self.b_y), states
