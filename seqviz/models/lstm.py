r"""Long short-term memory: a cell that adds, with gates that decide what to forget, what to write and what to show.

$$c_t = f_t \odot c_{t-1} + i_t \odot g_t \qquad h_t = o_t \odot \tanh(c_t)$$

The family grows by one gate at a time, and ``gates`` names a member by its blocks:

- ``"ig"``: an additive memory, $c_t = c_{t-1} + i_t \odot g_t$ and $h_t = \tanh(c_t)$. Nothing can be erased.
- ``"igo"``: the same with an output gate, as in Hochreiter & Schmidhuber 1997.
- ``"ifg"``: the forget gate alone, $h_t = \tanh(c_t)$.
- ``"ifgo"``: the full cell, as in torch; Gers et al. 2000 added the forget gate.

Weights are stacked as row blocks, ``hidden`` rows for each letter, in that order (torch's).
"""

from typing import Any, Literal, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.products import times_transposed
from seqviz.models.rnn import output_layer

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


def recurrence(
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

    Only δ and ε wait for the step after them: all factors beside them are computed for the whole sequence at once, and
    each weight's gradient is one product over all steps. Gradients of gradients are not available.
    Raises as `lstm_forward`.
    """
    check_inputs(x, W_x, W_h, b, h_0, c_0, lengths, gates)
    h_0, c_0 = (x.new_zeros(len(x), W_h.shape[1]) if start is None else start for start in (h_0, c_0))
    if lengths is None:
        return _Recurrence.apply(x, W_x, W_h, b, h_0, c_0, gates)  # type: ignore[return-value] apply is untyped
    steps = torch.arange(x.shape[1])
    # What stands in the padding is run over as zeros and then replaced, so no gradient comes from it or reaches it.
    x = torch.where((steps < lengths[:, None])[..., None], x, 0.0)
    last_real = torch.minimum(steps, lengths[:, None] - 1)[..., None].expand(-1, -1, W_h.shape[1])
    states, cells = _Recurrence.apply(x, W_x, W_h, b, h_0, c_0, gates)  # type: ignore[misc] apply is untyped
    return states.gather(1, last_real), cells.gather(1, last_real)


class _Recurrence(torch.autograd.Function):
    # Inside, time comes first: each step is then one contiguous block that torch reads and writes in place.

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor, h_0: Tensor, c_0: Tensor, gates: Gates
    ) -> tuple[Tensor, Tensor]:
        batch, time, inputs = x.shape
        hidden = W_h.shape[1]
        # tanh(a) = 2 σ(2a) − 1: torch's sigmoid is much the faster of the two, and one call serves all blocks.
        double = torch.ones_like(b)
        double[gates.index("g") * hidden :][:hidden] = 2
        rows = x.transpose(0, 1).reshape(-1, inputs)
        activations = times_transposed(rows, W_x * double[:, None], b * double).view(time, batch, -1)
        to_gates = (W_h * double[:, None]).T
        blocks = dict(zip(gates, (block.unbind() for block in activations.split(hidden, -1)), strict=True))
        states, cells = (x.new_empty(time + 1, batch, hidden) for _ in range(2))
        states[0], cells[0] = h_0, c_0
        squashed = x.new_empty(time, batch, hidden)
        minus_one = torch.tensor(-1, dtype=x.dtype)
        h, c = states[0], cells[0]
        steps = zip(activations.unbind(), states[1:].unbind(), cells[1:].unbind(), squashed.unbind(), strict=True)
        for t, (a, h_new, c_new, squashed_t) in enumerate(steps):
            a.addmm_(h, to_gates).sigmoid_()
            g = blocks["g"][t]
            torch.add(minus_one, g, alpha=2, out=g)
            kept = torch.mul(blocks["f"][t], c, out=c_new) if "f" in blocks else c_new.copy_(c)
            kept.addcmul_(blocks["i"][t], g)
            torch.add(c_new, c_new, out=squashed_t).sigmoid_()
            torch.add(minus_one, squashed_t, alpha=2, out=squashed_t)
            h = torch.mul(blocks["o"][t], squashed_t, out=h_new) if "o" in blocks else h_new.copy_(squashed_t)
            c = c_new
        ctx.save_for_backward(rows, W_x, W_h, activations, states, cells, squashed)
        ctx.gates = gates
        ctx.set_materialize_grads(False)
        return states[1:].transpose(0, 1), cells[1:].transpose(0, 1)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # type: ignore[override] once_differentiable names its parameters otherwise
        ctx: Any, *grad_outputs: Tensor | None
    ) -> tuple[Tensor | None, ...]:
        rows, W_x, W_h, activations, states, cells, squashed = ctx.saved_tensors
        time, batch, hidden = squashed.shape
        block = dict(zip(ctx.gates, activations.split(hidden, -1), strict=True))
        has_output = "o" in block
        # grad_a starts as the factors beside ε (beside δ for o); the loop multiplies by these.
        grad_a = torch.addcmul(activations, activations, activations, value=-1)
        factor = dict(zip(ctx.gates, grad_a.split(hidden, -1), strict=True))
        factor["i"].mul_(block["g"])
        torch.addcmul(block["i"], block["i"] * block["g"], block["g"], value=-1, out=factor["g"])
        if "f" in block:
            factor["f"].mul_(cells[:-1])
        shown = block["o"] if has_output else torch.ones_like(squashed)
        if has_output:
            factor["o"].mul_(squashed)
        from_state = torch.addcmul(shown, shown * squashed, squashed, value=-1)
        of_cell = len(ctx.gates) - has_output
        by_cell = grad_a[..., : of_cell * hidden].unflatten(-1, (of_cell, hidden)).unbind()
        by_state = factor["o"].unbind() if has_output else None
        forget = block["f"].unbind() if "f" in block else None
        to_states, to_cells = (
            None if grad is None else grad.transpose(0, 1).contiguous().unbind() for grad in grad_outputs
        )
        delta, later = torch.zeros_like(squashed[0]), None
        epsilon = torch.zeros_like(delta)
        each = zip(range(time), grad_a.unbind(), from_state.unbind(), by_cell, strict=True)
        for t, grad_a_t, from_state_t, by_cell_t in reversed(list(each)):
            if later is not None:
                delta = later @ W_h if to_states is None else torch.addmm(to_states[t], later, W_h)
            elif to_states is not None:
                delta = to_states[t]
            epsilon.addcmul_(delta, from_state_t)
            if to_cells is not None:
                epsilon.add_(to_cells[t])
            by_cell_t.mul_(epsilon[:, None])
            if by_state is not None:
                by_state[t].mul_(delta)
            if forget is not None:
                epsilon.mul_(forget[t])
            later = grad_a_t
        flat = grad_a.flatten(0, 1)
        by_row = flat.T.contiguous()
        grad_x = None
        if ctx.needs_input_grad[0]:
            grad_x = times_transposed(flat, W_x.T).view(time, batch, -1).transpose(0, 1)
        grad_W_h = times_transposed(by_row, states[:-1].flatten(0, 1).T)
        return grad_x, times_transposed(by_row, rows.T), grad_W_h, flat.sum(0), grad_a[0] @ W_h, epsilon, None


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
    if gates not in MEMBERS:
        raise ValueError(f"gates: expected one of {', '.join(map(repr, MEMBERS))}, got {gates!r}")
    expect.same_dtype(x=x, W_x=W_x, W_h=W_h, b=b, h_0=h_0, c_0=c_0)
    expect.shape("W_h", W_h, {"blocks": None, "hidden": None})
    hidden = W_h.shape[1]
    rows = f"rows of {', '.join(gates)}"
    expect.shape("W_h", W_h, {rows: len(gates) * hidden, "hidden": hidden})
    expect.shape("W_x", W_x, {rows: len(W_h), "input": None})
    expect.shape("b", b, {rows: len(W_h)})
    expect.shape("x", x, {"batch": None, "time": None, "input": W_x.shape[1]})
    batch, time, _ = x.shape
    if time == 0 or batch == 0:
        raise ValueError(f"x: expected at least one sequence of at least one step, got shape {tuple(x.shape)}")
    for name, start in {"h_0": h_0, "c_0": c_0}.items():
        if start is not None:
            expect.shape(name, start, {"batch": batch, "hidden": hidden})
    if lengths is not None:
        expect.lengths(lengths, batch, time)


class LSTM(nn.Module):
    r"""An LSTM with an output layer at every step: $\text{logits}_t = W_{hy} h_t + b_y$.

    The parameters are those of `lstm_gates`, stacked. All start uniform in $\pm 1/\sqrt{\text{hidden}}$, as in torch;
    then forget_bias, if given, is what every $b_f$ starts from.

    Raises ValueError for a forget bias where there is no forget gate.
    """

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
        for name, size in {"inputs": inputs, "hidden": hidden, "outputs": outputs}.items():
            if size < 1:
                raise ValueError(f"{name}: expected at least 1, got {size}")
        if gates not in MEMBERS:
            raise ValueError(f"gates: expected one of {', '.join(map(repr, MEMBERS))}, got {gates!r}")
        if forget_bias is not None and "f" not in gates:
            raise ValueError(f"forget_bias: expected None for {gates!r}, which has no forget gate, got {forget_bias}")
        self.gates: Gates = gates
        self.W_x = nn.Parameter(torch.empty(len(gates) * hidden, inputs, dtype=dtype))
        self.W_h = nn.Parameter(torch.empty(len(gates) * hidden, hidden, dtype=dtype))
        self.b = nn.Parameter(torch.empty(len(gates) * hidden, dtype=dtype))
        self.W_hy = nn.Parameter(torch.empty(outputs, hidden, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(outputs, dtype=dtype))
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -(hidden**-0.5), hidden**-0.5)
        if forget_bias is not None:
            nn.init.constant_(self.b[gates.index("f") * hidden :][:hidden], forget_bias)

    @classmethod
    def from_torch(cls, recurrent: nn.LSTM, output: nn.Linear) -> "LSTM":
        """Copy the weights of a one-layer, one-direction ``nn.LSTM`` and an ``nn.Linear``; its two biases add up to b.

        Raises ValueError for more layers or directions, or a projection.
        """
        if recurrent.num_layers != 1 or recurrent.bidirectional or recurrent.proj_size:
            raise ValueError(
                "expected an nn.LSTM of one layer, one direction and no projection, got "
                f"num_layers={recurrent.num_layers}, bidirectional={recurrent.bidirectional}, "
                f"proj_size={recurrent.proj_size}"
            )
        W_x, W_h, *biases = recurrent.all_weights[0]
        model = cls(W_x.shape[1], W_h.shape[1], output.out_features, dtype=W_x.dtype)
        with torch.no_grad():
            model.W_x.copy_(W_x)
            model.W_h.copy_(W_h)
            model.b.copy_(sum(biases, torch.zeros_like(model.b)))
            model.W_hy.copy_(output.weight)
            model.b_y.copy_(torch.zeros_like(model.b_y) if output.bias is None else output.bias)
        return model

    def run(
        self,
        x: Float[Tensor, "batch time input"],
        h_0: Float[Tensor, "batch hidden"] | None = None,
        c_0: Float[Tensor, "batch hidden"] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time hidden"], Float[Tensor, "batch time hidden"]]:
        """Return the states and the cells of every step."""
        return recurrence(x, self.W_x, self.W_h, self.b, h_0, c_0, lengths, self.gates)

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
