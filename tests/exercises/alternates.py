"""Right answers written in another way than the solution: loops over single numbers, other products, autograd.

None shares code with the references, so they are oracles for these as well.
"""

import torch


def _rnn(x_t, h, W_xh, W_hh, b_h):
    return (torch.einsum("bf,uf->bu", x_t, W_xh) + torch.einsum("bk,uk->bu", h, W_hh) + b_h).tanh()


def compact_step(x_t, h, W_xh, W_hh, b_h):
    unit, feature = W_xh.shape
    W = torch.empty(unit, unit + feature + 1, dtype=W_hh.dtype)
    W[:, :unit], W[:, unit:-1], W[:, -1] = W_hh, W_xh, b_h
    rows = []
    for one_x, one_h in zip(x_t, h, strict=True):
        joint = torch.cat([one_h, one_x, one_h.new_ones(1)])
        rows.append(torch.stack([(row * joint).sum() for row in W]).tanh())
    return torch.stack(rows), W


def leaky_step(x_t, h, W_xh, W_hh, b_h, alpha):
    return h + alpha * (_rnn(x_t, h, W_xh, W_hh, b_h) - h)


def leaky_step_number_by_number(x_t, h, W_xh, W_hh, b_h, alpha):
    alpha = alpha if isinstance(alpha, torch.Tensor) else torch.full_like(b_h, alpha)
    new = torch.empty_like(h)
    for batch in range(h.shape[0]):
        for unit in range(h.shape[1]):
            total = b_h[unit] + W_xh[unit].dot(x_t[batch]) + W_hh[unit].dot(h[batch])
            new[batch, unit] = (1 - alpha[unit]) * h[batch, unit] + alpha[unit] * total.tanh()
    return new


def masked_forward(x, mask, h_0, W_xh, W_hh, b_h):
    rows = []
    for one_x, one_mask, h in zip(x, mask, h_0, strict=True):
        states = []
        for x_t, real in zip(one_x, one_mask, strict=True):
            if real:
                h = torch.tanh(W_xh @ x_t + W_hh @ h + b_h)
            states.append(h)
        rows.append(torch.stack(states))
    return torch.stack(rows)


def masked_forward_by_weights(x, mask, h_0, W_xh, W_hh, b_h):
    keep, states, h = mask.to(x.dtype), [], h_0
    for t in range(x.shape[1]):
        share = keep[:, t : t + 1]
        h = share * _rnn(x[:, t], h, W_xh, W_hh, b_h) + (1 - share) * h
        states.append(h)
    return torch.stack(states, 1)


def one_to_many(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
    if steps == 0:
        return x_1.new_empty(len(x_1), 0, len(b_y))
    h = _rnn(x_1, h_0, W_xh, W_hh, b_h)
    y = torch.einsum("bu,fu->bf", h, W_hy) + b_y
    rest = one_to_many(y, h, W_xh, W_hh, b_h, W_hy, b_y, steps - 1)
    return torch.cat([y[:, None], rest], 1)


def _gradients(loss_of, *values):
    values = [value.detach().requires_grad_() for value in values]
    with torch.enable_grad():
        gradients = torch.autograd.grad(loss_of(*values), values, allow_unused=True)
    pairs = zip(gradients, values, strict=True)
    return tuple(torch.zeros_like(value) if gradient is None else gradient for gradient, value in pairs)


def leaky_backward_step(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
    def loss(x_t, h_before, W_xh, W_hh, b_h):
        return (grad_h_t * leaky_step(x_t, h_before, W_xh, W_hh, b_h, alpha)).sum()

    return _gradients(loss, x_t, h_before, W_xh, W_hh, b_h)


def _states(x, h, W_xh, W_hh, b_h, alpha=1.0):
    states = []
    for x_t in x.unbind(1):
        h = leaky_step(x_t, h, W_xh, W_hh, b_h, alpha)
        states.append(h)
    return torch.stack(states, 1)


def leaky_bptt(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
    def loss(W_xh, W_hh, b_h, h_0):
        return (immediate * _states(x, h_0, W_xh, W_hh, b_h, alpha)).sum()

    return _gradients(loss, W_xh, W_hh, b_h, h_0)


def initial_state_gradient(x, v, W_0, b_0, W_xh, W_hh, b_h, immediate):
    def loss(v, W_0, b_0):
        h_0 = torch.einsum("bc,uc->bu", v, W_0).add(b_0).tanh()
        return (immediate * _states(x, h_0, W_xh, W_hh, b_h)).sum()

    return _gradients(loss, v, W_0, b_0)


def many_to_one_bptt(x, lengths, W_xh, W_hh, b_h, grad_max):
    def loss(W_xh, W_hh, b_h):
        states = _states(x, torch.zeros(len(x), len(b_h), dtype=x.dtype), W_xh, W_hh, b_h)
        largest = [one[:length].amax(0) for one, length in zip(states, lengths.tolist(), strict=True)]
        return (grad_max * torch.stack(largest)).sum()

    return _gradients(loss, W_xh, W_hh, b_h)


def many_to_one_bptt_unit_by_unit(x, lengths, W_xh, W_hh, b_h, grad_max):
    """One walk back for every sequence and every unit, from the step at which it is largest."""
    totals = None
    start = torch.zeros(1, len(b_h), dtype=x.dtype)
    for one, length, grad in zip(x, lengths.tolist(), grad_max, strict=True):
        states = _states(one[None, :length], start, W_xh, W_hh, b_h)[0]
        for unit, step in enumerate(states.argmax(0).tolist()):
            immediate = torch.zeros(1, step + 1, len(b_h), dtype=x.dtype)
            immediate[0, -1, unit] = grad[unit]
            *new, _ = leaky_bptt(one[None, : step + 1], start, W_xh, W_hh, b_h, 1.0, immediate)
            totals = new if totals is None else [total + more for total, more in zip(totals, new, strict=True)]
    return tuple(totals or ())


def cut_after(x, h_0, W_xh, W_hh, b_h, immediate, K):
    """A loss reaches W_hh only through the last K steps: before these the states are constants."""
    states = torch.cat([h_0[:, None], _states(x, h_0, W_xh, W_hh, b_h)], 1)
    total = torch.zeros_like(W_hh)
    for t in range(1, x.shape[1] + 1):
        start = max(0, t - K)

        def loss(W_hh, start=start, t=t):
            last = _states(x[:, start:t], states[:, start], W_xh, W_hh, b_h)[:, -1]
            return (immediate[:, t - 1] * last).sum()

        total = total + _gradients(loss, W_hh)[0]
    return total


def cut_after_by_jacobians(x, h_0, W_xh, W_hh, b_h, immediate, K):
    total = torch.zeros_like(W_hh)
    states = torch.cat([h_0[:, None], _states(x, h_0, W_xh, W_hh, b_h)], 1)
    for b in range(len(x)):
        for t in range(1, x.shape[1] + 1):
            product = torch.eye(len(W_hh), dtype=x.dtype)  # ∂h_t/∂h_k
            for k in range(t, max(t - K, 0), -1):
                slope = torch.diag(1 - states[b, k] ** 2)
                total += torch.outer(slope @ product.T @ immediate[b, t - 1], states[b, k - 1])
                product = product @ slope @ W_hh
    return total


ALTERNATES = {
    "compact_step": [compact_step],
    "leaky_step": [leaky_step, leaky_step_number_by_number],
    "masked_forward": [masked_forward, masked_forward_by_weights],
    "one_to_many": [one_to_many],
    "leaky_backward_step": [leaky_backward_step],
    "leaky_bptt": [leaky_bptt],
    "initial_state_gradient": [initial_state_gradient],
    "many_to_one_bptt": [many_to_one_bptt, many_to_one_bptt_unit_by_unit],
    "cut_after": [cut_after, cut_after_by_jacobians],
}
