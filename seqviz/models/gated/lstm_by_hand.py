"""The LSTM over a whole sequence as one autograd function, with its backward pass by hand.

Small steps cost more in being called than in being computed, so each step makes as few calls as it can, and in
inference mode, where torch keeps no books of them. What leaves it is allocated before, since nobody outside may write
to a tensor that was made there.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from seqviz.models.products import by_transposed

# The backward pass takes this many steps at a time, so that what it computes of them stays in the processor's cache.
CHUNK = 20


class LSTMRecurrence(torch.autograd.Function):
    """All states and cells of ``apply(x, W_x, W_h, b, h_0, c_0, gates)``: those of `lstm.lstm_recurrence`.

    Inside, time comes first: each step is then one contiguous block that torch reads and writes in place. And
    tanh(a) = 1 − 2 σ(−2a), since torch's sigmoid is much the faster of the two: where a gate's block holds σ(a), that
    of g holds s = σ(−2a), so that one call serves all blocks, and a write of i ⊙ g is i − 2 i ⊙ s.
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor, h_0: Tensor, c_0: Tensor, gates: str
    ) -> tuple[Tensor, Tensor]:
        """Keep what the backward pass needs: inputs and states side by side, the blocks, the cells and σ(−2c)."""
        (batch, time, inputs), hidden = x.shape, W_h.shape[1]
        seen = x.new_empty(time + 1, batch, inputs + hidden)  # [x_t; h_{t−1}]
        states, cells = seen[:, :, inputs:], x.new_empty(time + 1, batch, hidden)
        seen[:-1, :, :inputs], states[0], cells[0] = x.transpose(0, 1), h_0, c_0
        blocks, squashed = x.new_empty(time, batch, len(b)), x.new_empty(time, batch, hidden)
        with torch.inference_mode():
            W, bias = torch.cat([W_x, W_h], 1), b.clone()
            for weights in (W, bias):
                _by_letter(weights, gates, 0)["g"].mul_(-2)
            product = by_transposed(W, bias, rows=batch)
            minus_two, one = x.new_tensor(-2), x.new_ones(()).expand(time)  # a gate that is not there is 1
            letter = _by_letter(blocks, gates)
            i, f, s, o = (letter.get(name, one).unbind() for name in "ifgo")
            written, c = x.new_empty(batch, hidden), cells[0]
            steps = (each.unbind() for each in (seen[:-1], blocks, cells[1:], squashed, states[1:]))
            for i_t, f_t, s_t, o_t, seen_t, block, c_new, q, h_new in zip(i, f, s, o, *steps, strict=True):
                torch.sigmoid(product(seen_t), out=block)
                torch.addcmul(i_t, i_t, s_t, value=-2, out=written)
                c = torch.addcmul(written, f_t, c, out=c_new)
                torch.mul(c, minus_two, out=q).sigmoid_()
                torch.addcmul(o_t, o_t, q, value=-2, out=h_new)
        ctx.save_for_backward(seen, W_x, W_h, blocks, cells, squashed)
        ctx.gates = gates
        ctx.set_materialize_grads(False)
        return states[1:].transpose(0, 1), cells[1:].transpose(0, 1)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # type: ignore[override] once_differentiable names its parameters otherwise
        ctx: Any, *grad_outputs: Tensor | None
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of everything that was given, as far as they are wanted."""
        seen, W_x, W_h, blocks, cells, squashed = ctx.saved_tensors
        (time, batch, hidden), inputs = squashed.shape, W_x.shape[1]
        grad_x = seen.new_empty(batch, time, inputs) if ctx.needs_input_grad[0] else None
        grad_W, grad_b = seen.new_zeros(inputs + hidden, len(W_h)), seen.new_zeros(len(W_h))
        with torch.inference_mode():
            delta, epsilon = seen.new_zeros(2, batch, hidden)
            to_state, to_input = by_transposed(W_h.T), by_transposed(W_x.T.contiguous())
            room = seen.new_empty(CHUNK, batch, len(W_h)), seen.new_empty(CHUNK, batch, hidden)
            for stop in range(time, 0, -CHUNK):
                chunk = slice(max(stop - CHUNK, 0), stop)
                grad_a, into_cell = (each[: stop - chunk.start] for each in room)
                letter = _by_letter(blocks[chunk], ctx.gates)
                _factors(blocks[chunk], letter, cells[chunk], squashed[chunk], out=(grad_a, into_cell))
                upstream = [None if grad is None else grad[:, chunk].transpose(0, 1) for grad in grad_outputs]
                delta, epsilon = _walk_back(delta, epsilon, grad_a, into_cell, letter, upstream, to_state)
                rows = grad_a.flatten(0, 1)
                grad_W += by_transposed(rows.T)(seen[chunk].flatten(0, 1).T)
                grad_b += rows.sum(0)
                if grad_x is not None:
                    grad_x[:, chunk] = to_input(rows).view(-1, batch, inputs).transpose(0, 1)
        grad_W_x, grad_W_h = grad_W.T.split([inputs, hidden], 1)
        return grad_x, grad_W_x, grad_W_h, grad_b, delta.clone(), epsilon.clone(), None


def _by_letter(stacked: Tensor, gates: str, axis: int = -1) -> dict[str, Tensor]:
    return dict(zip(gates, stacked.chunk(len(gates), axis), strict=True))


def _factors(
    blocks: Tensor, letter: dict[str, Tensor], cells: Tensor, squashed: Tensor, out: tuple[Tensor, Tensor]
) -> None:
    """Write ∂L/∂a but for its factor ε (δ in the block of o), and ∂h/∂c, which takes δ into ε; cells are c_{t−1}."""
    factors, into_cell = out
    torch.addcmul(blocks, blocks, blocks, value=-1, out=factors)  # σ′ = σ (1 − σ)
    torch.addcmul(squashed, squashed, squashed, value=-1, out=into_cell).mul_(4)  # tanh′ = 4 σ (1 − σ)
    factor = _by_letter(factors, "".join(letter))
    factor["i"].addcmul_(factor["i"], letter["g"], value=-2)
    factor["g"].mul_(letter["i"]).mul_(4)
    if "f" in letter:
        factor["f"].mul_(cells)
    if "o" in letter:
        factor["o"].addcmul_(factor["o"], squashed, value=-2)
        into_cell.mul_(letter["o"])


def _walk_back(
    delta: Tensor,
    epsilon: Tensor,
    grad_a: Tensor,
    into_cell: Tensor,
    letter: dict[str, Tensor],
    upstream: list[Tensor | None],
    to_state: Callable[[Tensor], Tensor],
) -> tuple[Tensor, Tensor]:
    """Complete ∂L/∂a, last step first, and return δ and ε as they reach the step before the first."""
    parts = grad_a.unflatten(-1, (len(letter), -1))
    by_cell = parts[:, :, : len(letter) - ("o" in letter)].unbind()
    by_state = parts[:, :, -1].unbind() if "o" in letter else None
    forget = letter["f"].unbind() if "f" in letter else None
    of_states, of_cells = (None if grad is None else grad.unbind() for grad in upstream)
    complete, into_cell_at, epsilon_of_blocks = grad_a.unbind(), into_cell.unbind(), epsilon[:, None]
    for t in reversed(range(len(grad_a))):
        if of_states is not None:
            delta.add_(of_states[t])
        epsilon.addcmul_(delta, into_cell_at[t])
        if of_cells is not None:
            epsilon.add_(of_cells[t])
        by_cell[t].mul_(epsilon_of_blocks)
        if by_state is not None:
            by_state[t].mul_(delta)
        if forget is not None:
            epsilon.mul_(forget[t])
        delta = to_state(complete[t])
    return delta, epsilon
