"""The exercises on gradients that vanish and explode: right answers written in another way, and inputs for them."""

import torch
from torch import Generator

from tests.exercises.draws import numbers, rnn, size


def jacobian_product(W_hh, a, nonlinearity, alpha):
    """What autograd says of the last state, when the first one is moved and everything else is held."""

    def phi(a_t):  # the sums below bring about an a of exactly 0 only up to rounding
        return torch.tanh(a_t) if nonlinearity == "tanh" else torch.where(a_t > 1e-9, a_t, torch.zeros_like(a_t))

    def last(h_0, one):
        # the inputs that bring about these a, whatever the states were; then only h moves
        h, fixed = h_0, torch.zeros_like(h_0)
        for a_t in one:
            came_in = a_t - W_hh @ fixed
            h_new = (1 - alpha) * h + alpha * phi(came_in + W_hh @ h)
            fixed = (1 - alpha) * fixed + alpha * phi(a_t)
            h = h_new
        return h

    zero = torch.zeros_like(W_hh[0])
    with torch.enable_grad():
        rows = [torch.autograd.functional.jacobian(lambda h, one=one: last(h, one), zero) for one in a]
    return torch.stack(rows)


def jacobian_product_column_by_column(W_hh, a, nonlinearity, alpha):
    """Push one unit of h_0 at a time through all steps."""
    columns = []
    for moved in torch.eye(len(W_hh), dtype=W_hh.dtype):
        v = moved.expand(len(a), -1)
        for a_t in a.unbind(1):
            slope = torch.cosh(a_t) ** -2 if nonlinearity == "tanh" else torch.heaviside(a_t, torch.zeros_like(a_t))
            v = v + alpha * (slope * torch.einsum("uk,bk->bu", W_hh, v) - v)
        columns.append(v)
    return torch.stack(columns, -1)


def clip_by_global_norm(parameters, gradients, threshold, learning_rate):
    long = torch.cat([gradient.reshape(-1) for gradient in gradients])
    norm = long.dot(long) ** 0.5
    share = torch.clamp(threshold / norm, max=1.0) if 0 < norm < float("inf") else torch.tensor(0.0)
    updated, start = [], 0
    for parameter in parameters:
        step = long[start : start + parameter.numel()].view_as(parameter)
        updated.append(parameter - learning_rate * share.to(step.dtype) * step if share > 0 else parameter + 0)
        start += parameter.numel()
    return updated, norm


def truncated_bptt(x, h_0, W_xh, W_hh, b_h, immediate, every, back, learning_rate):
    """The double sum as it stands, one sequence, one loss and one step at a time, by products of Jacobians."""
    weights, states = [W_xh, W_hh, b_h], [h_0]
    for s in range(0, x.shape[1], every):
        n = min(s + every, x.shape[1])
        for t in range(s, n):
            a = [
                torch.mv(weights[0], x_t) + torch.mv(weights[1], h) for x_t, h in zip(x[:, t], states[-1], strict=True)
            ]
            states.append(torch.tanh(torch.stack(a) + weights[2]))
        gradients = [torch.zeros_like(weight) for weight in weights]
        for row in range(len(x)):
            for t in range(s + 1, n + 1):
                product = torch.eye(len(b_h), dtype=x.dtype)  # ∂h_t/∂h_k
                for k in range(t, max(1, n - back + 1) - 1, -1):
                    slope = torch.diag(1 - states[k][row] ** 2)
                    of_a = slope @ product.T @ immediate[row, t - 1]
                    gradients[0] += torch.outer(of_a, x[row, k - 1])
                    gradients[1] += torch.outer(of_a, states[k - 1][row])
                    gradients[2] += of_a
                    product = product @ slope @ weights[1]
        weights = [weight - learning_rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
    return states[-1], *weights


def skip_rnn_step(x_t, past, W_xh, W_hh, b_h, jump, share):
    """One sequence and one unit at a time."""
    rows = []
    for x, states in zip(x_t, past, strict=True):
        here, zero = [*states], torch.zeros_like(b_h)
        before = here[-1] if here else zero
        jumped = here[len(here) - jump] if len(here) >= jump else zero
        a = [W_xh[unit].dot(x) + W_hh[unit].dot(before) + b_h[unit] for unit in range(len(b_h))]
        rows.append(torch.lerp(torch.stack(a).tanh(), jumped, share))
    return torch.stack(rows)


ALTERNATES = {
    "jacobian_product": [jacobian_product, jacobian_product_column_by_column],
    "clip_by_global_norm": [clip_by_global_norm],
    "truncated_bptt": [truncated_bptt],
    "skip_rnn_step": [skip_rnn_step],
}


def _share(g: Generator) -> float:
    return float(torch.rand((), generator=g))


def _draw_product(g: Generator) -> dict:
    batch, time, unit = size(g), size(g), size(g)
    nonlinearity = ["tanh", "relu"][size(g, 0, 1)]
    alpha = [1.0, _share(g)][size(g, 0, 1)]
    a = numbers(g, batch, time, unit)
    if nonlinearity == "relu":
        a = torch.where(a.abs() < 0.1, torch.zeros_like(a), a)
    return {"W_hh": numbers(g, unit, unit), "a": a, "nonlinearity": nonlinearity, "alpha": alpha}


def _draw_clipped(g: Generator) -> dict:
    shapes = [[size(g) for _ in range(size(g, 0, 3))] for _ in range(size(g, 1, 3))]
    gradients = [numbers(g, *shape) for shape in shapes]
    kind = size(g, 0, 5)
    if kind == 0:
        gradients = [torch.zeros_like(gradient) for gradient in gradients]
    elif kind == 1:
        spoiled = gradients[size(g, 0, len(gradients) - 1)].view(-1)
        spoiled[size(g, 0, len(spoiled) - 1)] = [float("nan"), float("inf"), -float("inf")][size(g, 0, 2)]
    parameters = [numbers(g, *shape) for shape in shapes]
    return {
        "parameters": parameters,
        "gradients": gradients,
        "threshold": 0.1 + 4 * _share(g),
        "learning_rate": _share(g),
    }


def _draw_truncated(g: Generator) -> dict:
    batch, time, unit, feature = size(g), size(g, 1, 6), size(g), size(g)
    run = {"x": numbers(g, batch, time, feature), "h_0": numbers(g, batch, unit)} | rnn(g, batch, unit, feature)
    every = size(g, 1, 5)
    sizes = {"every": every, "back": every + size(g, 0, 4), "learning_rate": _share(g)}
    return run | {"immediate": numbers(g, batch, time, unit)} | sizes


def _draw_skip(g: Generator) -> dict:
    batch, time, unit, feature = size(g), size(g, 0, 4), size(g), size(g)
    read = {"x_t": numbers(g, batch, feature), "past": numbers(g, batch, time, unit)}
    return read | rnn(g, batch, unit, feature) | {"jump": size(g, 1, 5), "share": _share(g)}


DRAWS = {
    "jacobian_product": _draw_product,
    "clip_by_global_norm": _draw_clipped,
    "truncated_bptt": _draw_truncated,
    "skip_rnn_step": _draw_skip,
}
