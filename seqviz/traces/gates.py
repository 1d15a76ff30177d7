"""Run an LSTM on one sequence and keep what its gates did, also with one of them held."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.data.alphabet import Alphabet
from seqviz.data.vocabulary import Vocabulary
from seqviz.models import LSTM, expect
from seqviz.models.lstm import LSTMGates, lstm_gates, lstm_step, update
from seqviz.traces.records import CellJacobianTrace, ClampTrace, GateTrace, RegimeTrace

Gate = Literal["forget", "input", "output"]
GATES: tuple[Gate, ...] = ("forget", "input", "output")


Encoder = Alphabet | Vocabulary


def trace_gates(model: LSTM, encoder: Encoder, tokens: Sequence[str]) -> GateTrace:
    """Let the network read the tokens one-hot and record gates, cells, states and what it expects next.

    Raises ValueError when a token is unknown, there is none, or a weight is not finite.
    """
    x = _read(model, encoder, tokens)
    with torch.no_grad():
        states, cells = model.run(x)
        before = torch.cat([torch.zeros_like(states[:, :1]), states[:, :-1]], 1)
        gates = lstm_gates(x @ model.W_x.T + model.b, before, model.W_h, model.gates)
        probabilities = torch.softmax(states @ model.W_hy.T + model.b_y, -1)
    parts = (gates.forget, gates.input, gates.candidate, gates.output, cells, states, probabilities)
    return GateTrace(tuple(tokens), _outputs(encoder), *(_numpy(part[0]) for part in parts))


def trace_clamp(
    model: LSTM, encoder: Encoder, tokens: Sequence[str], gate: Gate, value: float, unit: int, alone: bool = True
) -> ClampTrace:
    """Hold a gate at ``value`` at one step, for every step in turn, and record how cells and expectation change.

    where unit is the cell that is watched, and its gate alone is held, or those of all units. Everything after that
    step runs by itself: the gates of later steps see the changed state.

    Raises ValueError as `trace_gates`, and for a gate or a unit that the network does not have.
    """
    if gate not in GATES or gate[0] not in model.gates:
        has = [name for name in GATES if name[0] in model.gates]
        raise ValueError(f"gate: expected one of {', '.join(map(repr, has))}, got {gate!r}")
    hidden = model.W_h.shape[1]
    if not 0 <= unit < hidden:
        raise ValueError(f"unit: expected 0 … {hidden - 1}, got {unit}")
    free = trace_gates(model, encoder, tokens)
    x = _read(model, encoder, tokens)[0]
    held = torch.zeros(hidden, dtype=torch.bool)
    held[unit] = True
    held |= not alone
    with torch.no_grad():
        # one row for each step that is clamped, all run at once
        h = c = x.new_zeros(len(x), hidden)
        cells = []
        for t, projected in enumerate((x @ model.W_x.T + model.b).unbind()):
            gates = lstm_gates(projected.expand(len(x), -1), h, model.W_h, model.gates)
            now = (torch.arange(len(x)) == t)[:, None] & held
            clamped = torch.where(now, torch.tensor(value, dtype=x.dtype), getattr(gates, gate))
            h, c = update(c, gates._replace(**{gate: clamped}))
            cells.append(c[:, unit])
        probabilities = torch.softmax(h @ model.W_hy.T + model.b_y, -1)
    return ClampTrace(
        free.tokens,
        free.outputs,
        gate,
        value,
        unit,
        alone,
        getattr(free, gate)[:, unit],
        free.cells[:, unit],
        free.probabilities[-1],
        _numpy(torch.stack(cells, 1)),
        _numpy(probabilities),
    )


def trace_cell_jacobians(model: LSTM, x: Float[Tensor, "time input"]) -> CellJacobianTrace:
    r"""Record the largest singular value of $\partial c_T / \partial c_k$ for every k, in two ways.

    The direct path alone gives $\prod_{j=k+1}^{T} \operatorname{diag}(f_j)$. The whole derivative also follows
    $h_k = o_k \odot \tanh(c_k)$ into all gates and candidates after step k. Raises ValueError for a weight that is not
    finite.
    """
    expect.finite(**dict(model.named_parameters()))
    W_x, W_h, b = model.W_x.detach(), model.W_h.detach(), model.b.detach()
    hidden = W_h.shape[1]
    with torch.no_grad():
        states, cells = (run[0] for run in model.run(x[None]))
        before = torch.cat([torch.zeros_like(states[:1]), states[:-1]])
        cells_before = torch.cat([torch.zeros_like(cells[:1]), cells[:-1]])
        gates = lstm_gates(x @ W_x.T + b, before, W_h, model.gates)

    def step(x_t: Tensor, both: Tensor) -> Tensor:
        h, c = both.split(hidden)
        h_new, c_new = lstm_step(x_t[None], h[None], c[None], W_x, W_h, b, model.gates)
        return torch.cat([h_new[0], c_new[0]])

    # of (h_t, c_t) with respect to (h_{t−1}, c_{t−1}): the cell alone does not know all that the next step needs
    jacobians = torch.func.vmap(torch.func.jacrev(step, argnums=1))(x, torch.cat([before, cells_before], 1))
    shown = gates.output * (1 - torch.tanh(cells) ** 2)  # ∂h_k/∂c_k while o_k stays
    eye = torch.eye(hidden, dtype=x.dtype)
    direct, whole = torch.ones(hidden, dtype=x.dtype), torch.cat([torch.zeros_like(eye), eye], 1)
    norms = [(torch.ones((), dtype=x.dtype), torch.ones((), dtype=x.dtype))]
    for t in reversed(range(1, len(x))):
        direct = direct * gates.forget[t]
        whole = whole @ jacobians[t]
        to_cell = whole[:, hidden:] + whole[:, :hidden] * shown[t - 1]
        norms.append((direct.max(), torch.linalg.matrix_norm(to_cell, 2)))
    along_direct, with_all = (_numpy(torch.stack(column)) for column in zip(*norms, strict=True))
    return CellJacobianTrace(along_direct, with_all)


def trace_regime(forget: float, input: float, candidates: Sequence[float], start: float) -> RegimeTrace:
    """Record what a cell holds while its gates stay as they are."""
    g = torch.tensor(candidates, dtype=torch.float64)
    one = torch.ones(1, dtype=torch.float64)
    c, cells = start * one, []
    for g_t in g:
        _, c = update(c, LSTMGates(input * one, forget * one, g_t[None], one))
        cells.append(c)
    return RegimeTrace(forget, input, start, _numpy(g), _numpy(torch.cat(cells)))


def _read(model: LSTM, encoder: Encoder, tokens: Sequence[str]) -> Tensor:
    if len(encoder) != model.W_x.shape[1]:
        raise ValueError(f"expected {model.W_x.shape[1]} known tokens, as the network reads, got {len(encoder)}")
    expect.finite(**dict(model.named_parameters()))
    indices = encoder.encode("".join(tokens)) if isinstance(encoder, Alphabet) else encoder.encode(tokens)
    return encoder.one_hot(indices, model.W_x.dtype)[None]


def _outputs(encoder: Encoder) -> tuple[str, ...]:
    return encoder.characters if isinstance(encoder, Alphabet) else encoder.words


def _numpy(tensor: Tensor) -> np.ndarray:
    return tensor.detach().numpy()
