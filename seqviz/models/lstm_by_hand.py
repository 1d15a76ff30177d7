"""The LSTM over a whole sequence as one autograd function, with its backward pass by hand."""

from typing import Any

import torch
from torch import Tensor

from seqviz.models.products import laid_out, times_transposed

# The backward pass takes this many steps at a time, so that what it computes of them stays in the processor's cache.
CHUNK = 20


class Recurrence(torch.autograd.Function):
    """All states and cells of ``apply(x, W_x, W_h, b, h_0, c_0, gates)``: shapes and equations of `lstm.recurrence`.

    Inside, time comes first: each step is then one contiguous block that torch reads and writes in place.
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor, h_0: Tensor, c_0: Tensor, gates: str
    ) -> tuple[Tensor, Tensor]:
        """Keep what the backward pass needs: inputs and states side by side, the gates, the cells and their tanh."""
        batch, time, inputs = x.shape
        hidden = W_h.shape[1]
        # tanh(a) = 2 σ(2a) − 1: torch's sigmoid is much the faster of the two, and one call serves all blocks.
        double = torch.ones_like(b)
        double[gates.index("g") * hidden :][:hidden] = 2
        W, bias = laid_out(torch.cat([W_x, W_h], 1) * double[:, None]), b * double
        seen = x.new_empty(time + 1, batch, inputs + hidden)  # [x_t; h_{t−1}]
        states, cells = seen[:, :, inputs:], x.new_empty(time + 1, batch, hidden)
        seen[:-1, :, :inputs], states[0], cells[0] = x.transpose(0, 1), h_0, c_0
        activations, squashed = x.new_empty(time, batch, len(b)), x.new_empty(time, batch, hidden)
        block = {letter: each.unbind() for letter, each in _by_letter(activations, gates).items()}
        minus_one = torch.tensor(-1, dtype=x.dtype)
        steps = (each.unbind() for each in (seen[:-1], activations, cells[:-1], cells[1:], squashed, states[1:]))
        for t, (seen_t, a, c, c_new, tanh_c, h_new) in enumerate(zip(*steps, strict=True)):
            torch.sigmoid(times_transposed(seen_t, W, bias), out=a)
            g = torch.add(minus_one, block["g"][t], alpha=2, out=block["g"][t])
            kept = torch.mul(block["f"][t], c, out=c_new) if "f" in block else c_new.copy_(c)
            kept.addcmul_(block["i"][t], g)
            torch.add(c_new, c_new, out=tanh_c).sigmoid_()
            torch.add(minus_one, tanh_c, alpha=2, out=tanh_c)
            torch.mul(block["o"][t], tanh_c, out=h_new) if "o" in block else h_new.copy_(tanh_c)
        ctx.save_for_backward(seen, W_x, W_h, activations, cells, squashed)
        ctx.gates = gates
        ctx.set_materialize_grads(False)
        return states[1:].transpose(0, 1), cells[1:].transpose(0, 1)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # type: ignore[override] once_differentiable names its parameters otherwise
        ctx: Any, *grad_outputs: Tensor | None
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of everything that was given, as far as they are wanted."""
        seen, W_x, W_h, activations, cells, squashed = ctx.saved_tensors
        time, batch, hidden = squashed.shape
        inputs = W_x.shape[1]
        grad_x = seen.new_empty(batch, time, inputs) if ctx.needs_input_grad[0] else None
        grad_W, grad_b = seen.new_zeros(inputs + hidden, len(W_h)), seen.new_zeros(len(W_h))
        delta, epsilon = seen.new_zeros(2, batch, hidden)
        epsilon_beside_blocks, to_state = epsilon[:, None], W_h.T
        for stop in range(time, 0, -CHUNK):
            chunk = slice(max(stop - CHUNK, 0), stop)
            block = _by_letter(activations[chunk], ctx.gates)
            grad_a, into_cell = _factors(activations[chunk], block, cells[chunk], squashed[chunk])
            parts = grad_a.unflatten(-1, (-1, hidden)).split([len(block) - ("o" in block), "o" in block], 2)
            forget = block["f"].unbind() if "f" in block else None
            to_states, to_cells = (None if grad is None else grad[:, chunk].unbind(1) for grad in grad_outputs)
            steps = zip(*(each.unbind() for each in (grad_a, into_cell, *parts)), strict=True)
            for t, (grad_a_t, into_cell_t, by_cell, by_state) in reversed(list(enumerate(steps))):
                if to_states is not None:
                    delta.add_(to_states[t])
                epsilon.addcmul_(delta, into_cell_t)
                if to_cells is not None:
                    epsilon.add_(to_cells[t])
                by_cell.mul_(epsilon_beside_blocks)
                by_state.mul_(delta.unsqueeze(1))
                if forget is not None:
                    epsilon.mul_(forget[t])
                delta = times_transposed(grad_a_t, to_state)
            rows = grad_a.flatten(0, 1)
            grad_W += times_transposed(seen[chunk].flatten(0, 1).T.contiguous(), rows.T)
            grad_b += rows.sum(0)
            if grad_x is not None:
                grad_x[:, chunk] = times_transposed(rows, W_x.T).view(-1, batch, inputs).transpose(0, 1)
        grad_W_x, grad_W_h = grad_W.T.split([inputs, hidden], 1)
        return grad_x, grad_W_x, grad_W_h, grad_b, delta, epsilon, None


def _by_letter(stacked: Tensor, gates: str) -> dict[str, Tensor]:
    return dict(zip(gates, stacked.chunk(len(gates), -1), strict=True))


def _factors(activations: Tensor, block: dict[str, Tensor], cells: Tensor, tanh_c: Tensor) -> tuple[Tensor, Tensor]:
    """Return ∂L/∂a but for its factor ε (δ in the block of o), and ∂h/∂c, which takes δ into ε; cells are c_{t−1}."""
    factors = torch.addcmul(activations, activations, activations, value=-1)  # σ′ = σ (1 − σ)
    factor = _by_letter(factors, "".join(block))
    factor["i"].mul_(block["g"])
    torch.mul(block["i"], block["g"], out=factor["g"])
    torch.addcmul(block["i"], factor["g"], block["g"], value=-1, out=factor["g"])  # i (1 − g²)
    into_cell = 1 - tanh_c * tanh_c
    if "f" in block:
        factor["f"].mul_(cells)
    if "o" in block:
        factor["o"].mul_(tanh_c)
        into_cell.mul_(block["o"])
    return factors, into_cell
