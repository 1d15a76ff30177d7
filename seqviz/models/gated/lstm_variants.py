r"""The LSTM of Greff et al. 2015, with peepholes, and the eight that each change one thing of it.

$$\begin{aligned}
g_t &= \tanh(W_{xg} x_t + W_{hg} h_{t-1} + b_g) &
i_t &= \sigma(W_{xi} x_t + W_{hi} h_{t-1} + p_i \odot c_{t-1} + b_i) \\
c_t &= f_t \odot c_{t-1} + i_t \odot g_t &
f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + p_f \odot c_{t-1} + b_f) \\
h_t &= o_t \odot \tanh(c_t) &
o_t &= \sigma(W_{xo} x_t + W_{ho} h_{t-1} + p_o \odot c_t + b_o)
\end{aligned}$$

A *peephole* lets a gate see the cell; the output gate sees the new one.

Source: Greff, Srivastava, Koutník, Steunebrink, Schmidhuber 2015, "LSTM: a search space odyssey", section 2, and
section 4 for the eight (their z, y and R are our g, h and W_h). Peepholes: Gers & Schmidhuber 2000.
"""

from typing import Literal, get_args

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.recurrent_network import output_layer
from seqviz.models.torch_weights import new_weights, start_uniform

Variant = Literal["baseline", "NIG", "NFG", "NOG", "NIAF", "NOAF", "NP", "CIFG", "FGR"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
MEANINGS: dict[Variant, str] = {
    "baseline": "all gates, with peepholes",
    "NIG": "no input gate: i = 1",
    "NFG": "no forget gate: f = 1",
    "NOG": "no output gate: o = 1",
    "NIAF": "no input activation function: the candidate without its tanh",
    "NOAF": "no output activation function: h = o ⊙ c",
    "NP": "no peepholes",
    "CIFG": "coupled input and forget gate: f = 1 − i",
    "FGR": "full gate recurrence: gates also read all gates of the step before",
}


def blocks_of(variant: Variant) -> str:
    """Return the row blocks of a variant's weights, torch's order i f g o without those it lacks."""
    if variant not in VARIANTS:
        raise ValueError(f"variant: expected one of {', '.join(VARIANTS)}, got {variant!r}")
    lacking = {"NIG": "i", "NFG": "f", "NOG": "o", "CIFG": "f"}.get(variant, "")
    return "".join(block for block in "ifgo" if block != lacking)


def gates_of(variant: Variant) -> str:
    """Return the gates among the blocks of a variant, without the candidate."""
    return blocks_of(variant).replace("g", "")


def variant_step(
    projected: Float[Tensor, "batch blocks"],
    h: Float[Tensor, "batch hidden"],
    c: Float[Tensor, "batch hidden"],
    gates_before: Float[Tensor, "batch gates"] | None,
    W_h: Float[Tensor, "blocks hidden"],
    p: Float[Tensor, " gates"] | None = None,
    W_gates: Float[Tensor, "gates gates"] | None = None,
    variant: Variant = "baseline",
) -> tuple[Tensor, Tensor, Tensor]:
    r"""One step: return $h_t$, $c_t$ and the gates of this step side by side.

    where projected is $W_x x_t + b$, p holds $p_i, p_f, p_o$ (those that exist) one after the other, and W_gates is
    what the gates of the step before are multiplied by in FGR.
    """
    hidden = h.shape[-1]
    a = dict(zip(blocks_of(variant), (projected + h @ W_h.T).split(hidden, -1), strict=True))
    names = gates_of(variant)
    if W_gates is not None and gates_before is not None:
        for name, more in zip(names, (gates_before @ W_gates.T).split(hidden, -1), strict=True):
            a[name] = a[name] + more
    peephole = {} if p is None else dict(zip(names, p.split(hidden), strict=True))
    for name in peephole.keys() & {"i", "f"}:
        a[name] = a[name] + peephole[name] * c
    gate = {name: torch.sigmoid(a[name]) for name in "if" if name in names}
    g = a["g"] if variant == "NIAF" else torch.tanh(a["g"])
    written = gate["i"] * g if "i" in gate else g
    if variant == "CIFG":
        gate["f"] = 1 - gate["i"]
    c = (gate["f"] * c if "f" in gate else c) + written
    h = c if variant == "NOAF" else torch.tanh(c)
    if "o" in names:
        gate["o"] = torch.sigmoid(a["o"] + peephole["o"] * c if peephole else a["o"])
        h = gate["o"] * h
    return h, c, torch.cat([gate[name] for name in names], -1)


class LSTMVariantLayer(nn.Module):
    r"""The recurrence of one of the nine, with weights of its own: a `recurrent_layers.Layer`.

    Its initial and final state is (h, c, gates), with those gates of the last step that the variant has, side by side:
    FGR reads them. Everything starts uniform in $\pm 1/\sqrt{\text{hidden}}$, as in torch.

    Raises ValueError for an unknown variant or a size below 1.
    """

    W_x: nn.Parameter
    W_h: nn.Parameter
    b: nn.Parameter

    def __init__(
        self, inputs: int, hidden: int, variant: Variant = "baseline", dtype: torch.dtype | None = None
    ) -> None:
        super().__init__()
        self.variant: Variant = variant
        new_weights(self, inputs, hidden, len(blocks_of(variant)), True, dtype)
        gates = len(gates_of(variant)) * hidden
        self.p = None if variant == "NP" else nn.Parameter(torch.empty(gates, dtype=dtype))
        self.W_gates = nn.Parameter(torch.empty(gates, gates, dtype=dtype)) if variant == "FGR" else None
        start_uniform([weight for weight in (self.p, self.W_gates) if weight is not None], hidden)

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        initial: tuple[Tensor, Tensor, Tensor] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time hidden"], tuple[Tensor, Tensor, Tensor]]:
        """Return the states and the last real (h, c, gates) of every row; past its length a row keeps its state.

        Raises ValueError or TypeError when shapes, dtypes or lengths do not fit or the sequence is empty.
        """
        hidden = self.W_h.shape[1]
        if initial is None:
            gates = x.new_zeros(len(x), len(gates_of(self.variant)) * hidden)
            initial = x.new_zeros(len(x), hidden), x.new_zeros(len(x), hidden), gates
        expect.same_dtype(x=x, W_x=self.W_x, h_0=initial[0], c_0=initial[1], gates_0=initial[2])
        expect.sequences(x, self.W_x.shape[1], hidden, lengths, h_0=initial[0], c_0=initial[1])
        h, c, gates = initial
        states = []
        for t, projected in enumerate((x @ self.W_x.T + self.b).unbind(1)):
            now = variant_step(projected, h, c, gates, self.W_h, self.p, self.W_gates, self.variant)
            if lengths is not None:
                real = (t < lengths)[:, None]
                now = torch.where(real, now[0], h), torch.where(real, now[1], c), torch.where(real, now[2], gates)
            h, c, gates = now
            states.append(h)
        return torch.stack(states, 1), (h, c, gates)


class LSTMVariant(nn.Module):
    r"""One of the nine from zero, with an output layer at every step: $\text{logits}_t = W_{hy} h_t + b_y$.

    Starts as its layer does, and raises as that.
    """

    def __init__(
        self, inputs: int, hidden: int, outputs: int, variant: Variant = "baseline", dtype: torch.dtype | None = None
    ) -> None:
        super().__init__()
        expect.at_least_one(outputs=outputs)
        self.layer = LSTMVariantLayer(inputs, hidden, variant, dtype)
        self.W_hy = nn.Parameter(torch.empty(outputs, hidden, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(outputs, dtype=dtype))
        start_uniform([self.W_hy, self.b_y], hidden)

    def forward(
        self, x: Float[Tensor, "batch time input"]
    ) -> tuple[Float[Tensor, "batch time output"], Float[Tensor, "batch time hidden"]]:
        """Return the logits and the states of every step."""
        states, _ = self.layer(x)
        return output_layer(states, self.W_hy, self.b_y), states
