r"""Backpropagation through time by hand, in two forms that agree with autograd.

`bptt` walks back step by step, as it is derived on paper. `recurrence` is one `torch.autograd.Function` whose
weight gradients are each a single matrix product over all steps; use it like `rnn.rnn_forward`.

Write $a_t = W_{xh} x_t + W_{hh} h_{t-1} + b_h$ and $h_t = \phi(a_t)$. The gradient that reaches a state comes from
the loss of its own step and from the step after it:

$$\delta_t = \frac{\partial \mathcal L}{\partial h_t}
           = \frac{\partial \mathcal L_t}{\partial h_t} + W_{hh}^\top \bigl(\phi'(a_{t+1}) \odot \delta_{t+1}\bigr)$$

and every weight, being used at every step, collects a sum over all of them:

$$\frac{\partial \mathcal L}{\partial W_{hh}} = \sum_t \bigl(\phi'(a_t) \odot \delta_t\bigr) h_{t-1}^\top$$

Source: Werbos 1990, "Backpropagation through time: what it does and how to do it"; Pascanu et al. 2013, equations 3–5.
"""

from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models.recurrent.rnn import Nonlinearity, activation_slope, check_inputs


class RecurrenceGradients(NamedTuple):
    """Gradient of the loss with respect to everything the recurrence reads."""

    x: Float[Tensor, "batch time input"]
    W_xh: Float[Tensor, "hidden input"]
    W_hh: Float[Tensor, "hidden hidden"]
    b_h: Float[Tensor, " hidden"]
    h_0: Float[Tensor, "batch hidden"]


def bptt(
    x: Float[Tensor, "batch time input"],
    h_0: Float[Tensor, "batch hidden"],
    states: Float[Tensor, "batch time hidden"],
    immediate: Float[Tensor, "batch time hidden"],
    W_xh: Float[Tensor, "hidden input"],
    W_hh: Float[Tensor, "hidden hidden"],
    nonlinearity: Nonlinearity = "tanh",
) -> RecurrenceGradients:
    r"""Walk back through the steps one at a time, adding what each owes every weight.

    where states are $h_1 … h_T$ of the forward pass and immediate holds $\partial \mathcal L_t / \partial h_t$, what
    the loss of step t says about its own state alone.
    """
    grad_x = torch.zeros_like(x)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h = torch.zeros_like(W_hh[0])
    from_later = torch.zeros_like(h_0)
    for t in reversed(range(x.shape[1])):
        delta = immediate[:, t] + from_later
        grad_a = delta * activation_slope(states[:, t], nonlinearity)
        h_before = states[:, t - 1] if t > 0 else h_0
        grad_W_hh += grad_a.T @ h_before
        grad_W_xh += grad_a.T @ x[:, t]
        grad_b_h += grad_a.sum(0)
        grad_x[:, t] = grad_a @ W_xh
        from_later = grad_a @ W_hh
    return RecurrenceGradients(grad_x, grad_W_xh, grad_W_hh, grad_b_h, from_later)


def rnn_recurrence(
    x: Float[Tensor, "batch time input"],
    W_xh: Float[Tensor, "hidden input"],
    W_hh: Float[Tensor, "hidden hidden"],
    b_h: Float[Tensor, " hidden"],
    h_0: Float[Tensor, "batch hidden"] | None = None,
    nonlinearity: Nonlinearity = "tanh",
) -> Float[Tensor, "batch time hidden"]:
    """All states of the sequence, like `rnn.rnn_forward`, with the backward pass written by hand.

    Keeps the states and nothing else for the backward pass. Gradients of gradients are not available.
    Raises as `rnn.rnn_forward`.
    """
    check_inputs(x, W_xh, W_hh, b_h, h_0)
    if h_0 is None:
        h_0 = x.new_zeros(len(x), len(W_hh))
    states: Tensor = _RNNRecurrence.apply(x, W_xh, W_hh, b_h, h_0, nonlinearity)  # type: ignore[assignment] apply is untyped
    return states


class _RNNRecurrence(torch.autograd.Function):
    # Inside, time comes first: each step is then one contiguous block that torch reads and writes in place.

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor, h_0: Tensor, nonlinearity: Nonlinearity
    ) -> Tensor:
        batch, time, _ = x.shape
        apply_in_place = {"tanh": torch.tanh_, "relu": torch.relu_}[nonlinearity]
        states = torch.empty(time + 1, batch, len(W_hh), dtype=x.dtype, device=x.device)
        states[0] = h_0
        torch.matmul(x.transpose(0, 1), W_xh.T, out=states[1:])
        states[1:] += b_h
        for h_before, h in zip(states[:-1].unbind(), states[1:].unbind(), strict=True):
            apply_in_place(h.addmm_(h_before, W_hh.T))
        ctx.save_for_backward(x, W_xh, W_hh, states)
        ctx.nonlinearity = nonlinearity
        return states[1:].transpose(0, 1)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # type: ignore[override] once_differentiable names its parameters otherwise
        ctx: Any, *grad_outputs: Tensor
    ) -> tuple[Tensor | None, ...]:
        x, W_xh, W_hh, states = ctx.saved_tensors
        (grad_states,) = grad_outputs
        # grad_a starts as ∂L_t/∂h_t; the loop adds what arrives from step t+1 and turns it into ∂L/∂a_t, in place.
        grad_a = grad_states.transpose(0, 1).clone(memory_format=torch.contiguous_format)
        slopes = activation_slope(states[1:], ctx.nonlinearity)
        later = None
        for grad_a_t, slope in zip(reversed(grad_a.unbind()), reversed(slopes.unbind()), strict=True):
            if later is not None:
                grad_a_t.addmm_(later, W_hh)
            later = grad_a_t.mul_(slope)
        flat = grad_a.flatten(0, 1)
        return (
            (grad_a @ W_xh).transpose(0, 1) if ctx.needs_input_grad[0] else None,
            flat.T @ x.transpose(0, 1).flatten(0, 1),
            flat.T @ states[:-1].flatten(0, 1),
            flat.sum(0),
            grad_a[0] @ W_hh,
            None,
        )


def immediate_gradients(
    logits: Float[Tensor, "batch time output"], y: Int[Tensor, "batch time"], W_hy: Float[Tensor, "output hidden"]
) -> Float[Tensor, "batch time hidden"]:
    r"""What each step's cross-entropy says about its own state, $W_{hy}^\top (\hat y_t - \text{onehot}(y_t))$.

    where $\hat y_t = \operatorname{softmax}(\text{logits}_t)$.
    """
    error = logits.softmax(-1)
    error = error - torch.nn.functional.one_hot(y.long(), logits.shape[-1]).to(error.dtype)
    return error @ W_hy
