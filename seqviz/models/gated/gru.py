r"""The gated recurrent unit: simplified, full with the reset before or after the matrix, and with a single gate.

All of them mix the old state and a candidate, entry by entry: $h_t = z_t \odot h_{t-1} + (1 - z_t) \odot n_t$. Here z
keeps the old state (Cho et al. 2014 and torch); where others write $(1 - z)$ for $z$, the rows of z change sign.

Weights are stacked as row blocks, one block of ``hidden`` rows for each gate and for the candidate, in the order of
`BLOCKS`; the order r, z, n is torch's.
"""

from typing import Any, Literal, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.recurrent_network import Memory, RecurrentNetwork, output_layer
from seqviz.models.torch_weights import copy_layer, copy_output, only_layer, start_uniform

Variant = Literal["simplified", "reset before", "reset after", "minimal"]
BLOCKS: dict[Variant, str] = {"simplified": "zn", "reset before": "rzn", "reset after": "rzn", "minimal": "fn"}


OPEN = 50.0  # σ of it is 1 in float32 and in float64


class GRUGates(NamedTuple):
    """What one step decides: how much of the old state the candidate sees, how much is kept, and what is offered."""

    reset: Float[Tensor, "*axes hidden"]
    update: Float[Tensor, "*axes hidden"]
    candidate: Float[Tensor, "*axes hidden"]


def gru_gates(
    projected: Float[Tensor, "*axes blocks"],
    h: Float[Tensor, "*axes hidden"],
    W_h: Float[Tensor, "blocks hidden"],
    b_hn: Float[Tensor, " hidden"] | None = None,
    variant: Variant = "reset after",
) -> GRUGates:
    r"""The gates and the candidate of a step.

    $$r = \sigma(W_{xr} x + W_{hr} h + b_r) \qquad z = \sigma(W_{xz} x + W_{hz} h + b_z)$$
    $$n = \tanh(W_{xn} x + b_n + m) \qquad m =
    \begin{cases} W_{hn} h & \text{simplified} \\ W_{hn} (r \odot h) & \text{reset before} \\
    r \odot (W_{hn} h + b_{hn}) & \text{reset after} \end{cases}$$

    where projected is $W_x x + b$, all blocks at once, and h is $h_{t-1}$. The simplified unit has no reset: it is 1.
    The minimal unit has one gate f, which is the reset (before the matrix) and one minus the update: $z = 1 - f$.

    Source: Cho et al. 2014, equations 5–8 (before); the first arXiv version of that paper, cuDNN and torch (after);
    Zhou et al. 2016, "Minimal gated unit for recurrent neural networks" (minimal).
    """
    hidden = h.shape[-1]
    projected_n, W_hn = projected[..., -hidden:], W_h[-hidden:]
    gates = torch.sigmoid(projected[..., :-hidden] + h @ W_h[:-hidden].T)
    if variant == "simplified":
        return GRUGates(torch.ones_like(gates), gates, torch.tanh(projected_n + h @ W_hn.T))
    if variant == "minimal":
        return GRUGates(gates, 1 - gates, torch.tanh(projected_n + (gates * h) @ W_hn.T))
    r, z = gates.split(hidden, -1)
    if variant == "reset before":
        return GRUGates(r, z, torch.tanh(projected_n + (r * h) @ W_hn.T))
    m = h @ W_hn.T if b_hn is None else h @ W_hn.T + b_hn
    return GRUGates(r, z, torch.tanh(projected_n + r * m))


def gru_step(
    x_t: Float[Tensor, "batch input"],
    h: Float[Tensor, "batch hidden"],
    W_x: Float[Tensor, "blocks input"],
    W_h: Float[Tensor, "blocks hidden"],
    b: Float[Tensor, " blocks"],
    b_hn: Float[Tensor, " hidden"] | None = None,
    variant: Variant = "reset after",
) -> Float[Tensor, "batch hidden"]:
    r"""One step: $h_t = z_t \odot h_{t-1} + (1 - z_t) \odot n_t$, with the gates of `gru_gates`."""
    gates = gru_gates(x_t @ W_x.T + b, h, W_h, b_hn, variant)
    return mix(h, gates)


def mix(h: Float[Tensor, "*axes hidden"], gates: GRUGates) -> Float[Tensor, "*axes hidden"]:
    r"""Mix old state and candidate: $h_t = z_t \odot h_{t-1} + (1 - z_t) \odot n_t$, where h is $h_{t-1}$."""
    return gates.update * h + (1 - gates.update) * gates.candidate


def gru_forward(
    x: Float[Tensor, "batch time input"],
    W_x: Float[Tensor, "blocks input"],
    W_h: Float[Tensor, "blocks hidden"],
    b: Float[Tensor, " blocks"],
    b_hn: Float[Tensor, " hidden"] | None = None,
    h_0: Float[Tensor, "batch hidden"] | None = None,
    lengths: Int[Tensor, " batch"] | None = None,
    variant: Variant = "reset after",
) -> Float[Tensor, "batch time hidden"]:
    r"""All states $h_1 … h_T$ of `gru_step` applied along a sequence, differentiated by autograd step by step.

    where h_0 is the state before the first step (zeros if not given) and lengths says how many steps of each row are
    real. Past its length a row keeps its last real state.

    Raises ValueError or TypeError when shapes, dtypes, lengths or the variant do not fit or the sequence is empty.
    """
    check_inputs(x, W_x, W_h, b, b_hn, h_0, lengths, variant)
    h = x.new_zeros(len(x), W_h.shape[1]) if h_0 is None else h_0
    states = []
    for t, projected in enumerate((x @ W_x.T + b).unbind(1)):
        h_new = mix(h, gru_gates(projected, h, W_h, b_hn, variant))
        h = h_new if lengths is None else torch.where((t < lengths)[:, None], h_new, h)
        states.append(h)
    return torch.stack(states, dim=1)


def gru_recurrence(
    x: Float[Tensor, "batch time input"],
    W_x: Float[Tensor, "blocks input"],
    W_h: Float[Tensor, "blocks hidden"],
    b: Float[Tensor, " blocks"],
    b_hn: Float[Tensor, " hidden"] | None = None,
    h_0: Float[Tensor, "batch hidden"] | None = None,
    lengths: Int[Tensor, " batch"] | None = None,
) -> Float[Tensor, "batch time hidden"]:
    r"""All states, like `gru_forward` with the reset after the matrix, with the backward pass written by hand.

    With the whole gradient $\delta_t = \partial\mathcal L/\partial h_t$ and $m_t = W_{hn} h_{t-1} + b_{hn}$:

    $$\frac{\partial\mathcal L}{\partial a_n} = \delta_t \odot (1 - z_t) \odot (1 - n_t^2) \qquad
    \frac{\partial\mathcal L}{\partial a_z} = \delta_t \odot (h_{t-1} - n_t) \odot z_t \odot (1 - z_t) \qquad
    \frac{\partial\mathcal L}{\partial a_r} = \frac{\partial\mathcal L}{\partial a_n} \odot m_t \odot r_t
    \odot (1 - r_t)$$
    $$\frac{\partial\mathcal L}{\partial h_{t-1}} = \delta_t \odot z_t + W_{hr}^\top \frac{\partial\mathcal L}{\partial
    a_r} + W_{hz}^\top \frac{\partial\mathcal L}{\partial a_z} + W_{hn}^\top \left(r_t \odot
    \frac{\partial\mathcal L}{\partial a_n}\right)$$

    where $a_r, a_z, a_n$ are what the sigmoids and the tanh are applied to. Only δ depends on the later step: all other
    factors are computed for the whole sequence at once, and each weight's gradient is one product over all steps.

    Gradients of gradients are not available. Raises as `gru_forward`.
    """
    check_inputs(x, W_x, W_h, b, b_hn, h_0, lengths, "reset after")
    hidden = W_h.shape[1]
    if h_0 is None:
        h_0 = x.new_zeros(len(x), hidden)
    if b_hn is None:
        b_hn = x.new_zeros(hidden)
    states: Tensor = _GRURecurrence.apply(x, W_x, W_h, b, b_hn, h_0, lengths)  # type: ignore[assignment] apply is untyped
    return states


def with_open_reset(
    W_x: Float[Tensor, "blocks input"], W_h: Float[Tensor, "blocks hidden"], b: Float[Tensor, " blocks"]
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the weights of a simplified unit as those of a full one whose reset is 1, in both precisions exactly."""
    shut = [torch.zeros_like(weight[: W_h.shape[1]]) for weight in (W_x, W_h, b)]
    shut[2] = shut[2] + OPEN
    return tuple(torch.cat([gate, rest]) for gate, rest in zip(shut, (W_x, W_h, b), strict=True))  # type: ignore[return-value]


class _GRURecurrence(torch.autograd.Function):
    # Inside, time comes first: each step is then one contiguous block that torch reads and writes in place.

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor, b_hn: Tensor, h_0: Tensor, lengths: Tensor | None
    ) -> Tensor:
        batch, time, _ = x.shape
        hidden = W_h.shape[1]
        states = x.new_empty(time + 1, batch, hidden)
        states[0] = h_0
        from_state = x.new_empty(time, batch, 3 * hidden)  # W_h h + its biases; becomes r, z, m
        gates = torch.addmm(b, x.transpose(0, 1).reshape(-1, x.shape[-1]), W_x.T).view(time, batch, 3 * hidden)
        bias = torch.cat([b_hn.new_zeros(2 * hidden), b_hn])
        to_gates = W_h.T.contiguous()
        past = None if lengths is None else (torch.arange(time)[:, None] >= lengths)[..., None]
        rz, n = gates.split([2 * hidden, hidden], -1)
        from_rz, m = from_state.split([2 * hidden, hidden], -1)
        z = rz[..., hidden:]
        steps = zip(
            states[:-1].unbind(),
            states[1:].unbind(),
            from_state.unbind(),
            from_rz.unbind(),
            m.unbind(),
            rz.unbind(),
            rz[..., :hidden].unbind(),
            z.unbind(),
            n.unbind(),
            strict=True,
        )
        for t, (h_before, h, from_h, from_h_rz, m_t, rz_t, r_t, z_t, n_t) in enumerate(steps):
            torch.addmm(bias, h_before, to_gates, out=from_h)
            rz_t.add_(from_h_rz).sigmoid_()
            if past is not None:
                z_t.masked_fill_(past[t], 1)  # the state stays, and nothing reaches a gate's gradient
            n_t.addcmul_(r_t, m_t).tanh_()
            torch.lerp(n_t, h_before, z_t, out=h)
        ctx.save_for_backward(x, W_x, W_h, states, gates, m)
        return states[1:].transpose(0, 1)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # type: ignore[override] once_differentiable names its parameters otherwise
        ctx: Any, *grad_outputs: Tensor
    ) -> tuple[Tensor | None, ...]:
        x, W_x, W_h, states, gates, m = ctx.saved_tensors
        time, batch, hidden = m.shape
        r, z, n = gates.split(hidden, -1)
        # δ starts as ∂L_t/∂h_t; the loop adds what arrives from step t+1
        delta = grad_outputs[0].transpose(0, 1).clone(memory_format=torch.contiguous_format)
        slope_n = (1 - z) * (1 - n * n)
        grad_a = gates.new_empty(time, batch, 3, hidden)  # starts as the factors beside δ for r, z and m
        torch.mul(slope_n, r, out=grad_a[:, :, 2])
        torch.mul(grad_a[:, :, 2] * (1 - r), m, out=grad_a[:, :, 0])
        torch.mul(z * (1 - z), states[:-1] - n, out=grad_a[:, :, 1])
        later = None
        steps = zip(delta.unbind(), grad_a.unbind(), grad_a.flatten(2).unbind(), z.unbind(), strict=True)
        for delta_t, by_block, grad_a_t, z_t in reversed(list(steps)):
            if later is not None:
                delta_t.add_(later)
            by_block.mul_(delta_t[:, None])
            later = (delta_t * z_t).addmm_(grad_a_t, W_h)
        flat = grad_a.flatten(2).flatten(0, 1)
        grad_W_h = flat.T @ states[:-1].flatten(0, 1)
        grad_b_hn = flat[:, 2 * hidden :].sum(0)
        torch.mul(slope_n, delta, out=grad_a[:, :, 2])  # from here on with respect to a_n, not to m
        grad_x = (flat @ W_x).view(time, batch, -1).transpose(0, 1) if ctx.needs_input_grad[0] else None
        grad_W_x = flat.T @ x.transpose(0, 1).flatten(0, 1)
        return grad_x, grad_W_x, grad_W_h, flat.sum(0), grad_b_hn, later, None


def check_inputs(
    x: Tensor,
    W_x: Tensor,
    W_h: Tensor,
    b: Tensor,
    b_hn: Tensor | None = None,
    h_0: Tensor | None = None,
    lengths: Tensor | None = None,
    variant: Variant = "reset after",
) -> None:
    """Raise ValueError or TypeError, with what was expected and what was given, unless a sequence fits the weights."""
    expect.one_of("variant", variant, BLOCKS)
    if b_hn is not None and variant != "reset after":
        raise ValueError(
            f"b_hn: expected None, since only a reset after the matrix has this bias, got one for {variant!r}"
        )
    expect.same_dtype(x=x, W_x=W_x, W_h=W_h, b=b, b_hn=b_hn, h_0=h_0)
    expect.row_blocks(BLOCKS[variant], W_x, W_h, b)
    if b_hn is not None:
        expect.shape("b_hn", b_hn, {"hidden": W_h.shape[1]})
    expect.sequences(x, W_x.shape[1], W_h.shape[1], lengths, h_0=h_0)


class GRU(RecurrentNetwork):
    r"""A gated recurrent network with an output layer at every step: $\text{logits}_t = W_{hy} h_t + b_y$.

    The parameters are those of `gru_gates`, stacked. All start uniform in $\pm 1/\sqrt{\text{hidden}}$, as in torch;
    then every $b_z$ is set to update_bias, if given: above 0, the unit keeps its state at first. The gate of the
    minimal unit writes, so its bias gets the opposite sign.
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        outputs: int,
        variant: Variant = "reset after",
        update_bias: float | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.at_least_one(inputs=inputs, hidden=hidden, outputs=outputs)
        self.inputs = inputs
        expect.one_of("variant", variant, BLOCKS)
        self.variant: Variant = variant
        blocks = len(BLOCKS[variant]) * hidden
        self.W_x = nn.Parameter(torch.empty(blocks, inputs, dtype=dtype))
        self.W_h = nn.Parameter(torch.empty(blocks, hidden, dtype=dtype))
        self.b = nn.Parameter(torch.empty(blocks, dtype=dtype))
        self.b_hn = nn.Parameter(torch.empty(hidden, dtype=dtype)) if variant == "reset after" else None
        self.W_hy = nn.Parameter(torch.empty(outputs, hidden, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(outputs, dtype=dtype))
        start_uniform(self.parameters(), hidden)
        if update_bias is not None:
            # the block before the candidate's is z, or f = 1 − z
            start = -update_bias if variant == "minimal" else update_bias
            nn.init.constant_(self.b[blocks - 2 * hidden : blocks - hidden], start)

    @classmethod
    def from_torch(cls, recurrent: nn.GRU, output: nn.Linear) -> "GRU":
        """Copy the weights of a one-layer, one-direction ``nn.GRU`` and an ``nn.Linear``.

        torch's two biases are added for r and z; the candidate's second bias is inside the product with r and stays.

        Raises ValueError for more layers or directions.
        """
        weights = only_layer(recurrent)
        model = cls(recurrent.input_size, recurrent.hidden_size, output.out_features, dtype=weights[0].dtype)
        copy_layer(weights, model.W_x, model.W_h, model.b, model.b_hn)
        copy_output(output, model.W_hy, model.b_y)
        return model

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        h_0: Float[Tensor, "batch hidden"] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time output"], Float[Tensor, "batch time hidden"]]:
        """Return the logits and the states of every step."""
        if self.variant == "reset after":
            states = gru_recurrence(x, self.W_x, self.W_h, self.b, self.b_hn, h_0, lengths)
        elif self.variant == "simplified":
            states = gru_recurrence(x, *with_open_reset(self.W_x, self.W_h, self.b), None, h_0, lengths)
        else:
            states = gru_forward(x, self.W_x, self.W_h, self.b, self.b_hn, h_0, lengths, self.variant)
        return output_layer(states, self.W_hy, self.b_y), states

    def step(self, x_t: Float[Tensor, "batch input"], memory: Memory) -> Memory:
        """Read one input of every row."""
        return (gru_step(x_t, memory[0], self.W_x, self.W_h, self.b, self.b_hn, self.variant),)
