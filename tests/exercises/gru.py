"""The GRU exercises: right answers written in another way, and inputs of every kind they allow."""

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def _sigmoid(a):
    return 1 / (1 + torch.exp(-a))


def _step(x, h, W_x, W_h, b, before, b_hn=None):
    """One sequence, one step, unit by unit, of torch's or the paper's GRU in our sign."""
    new, unit = [], len(h)
    r = torch.stack([_sigmoid(W_x[i].dot(x) + W_h[i].dot(h) + b[i]) for i in range(unit)])
    for i in range(unit):
        z = _sigmoid(W_x[unit + i].dot(x) + W_h[unit + i].dot(h) + b[unit + i])
        row = W_h[2 * unit + i]
        from_h = row.dot(r * h) if before else r[i] * (row.dot(h) + b_hn[i])
        n = torch.tanh(W_x[2 * unit + i].dot(x) + b[2 * unit + i] + from_h)
        new.append(n + z * (h[i] - n))
    return torch.stack(new)


def minimal_gated_step(x_t, h, W_x, W_h, b, b_hn):
    """The full unit whose reset has the rows of the update, negated."""
    unit = h.shape[1]
    three = [torch.cat([-weight[:unit], weight]) for weight in (W_x, W_h, b)]
    return torch.stack([_step(x, one, *three, False, b_hn) for x, one in zip(x_t, h, strict=True)])


def convert_update_convention(W_x, W_h, b):
    def turned(weight):
        unit = len(weight) // 3
        sign = torch.ones(3 * unit, dtype=weight.dtype)
        sign[:unit] = -1
        order = [*range(unit, 2 * unit), *range(unit), *range(2 * unit, 3 * unit)]
        return weight[order] * sign.reshape(-1, *[1] * (weight.ndim - 1))

    return turned(W_x), turned(W_h), turned(b)


def load_torch_gru(weight_ih, weight_hh, bias_ih, bias_hh):
    unit = weight_hh.shape[1]
    found = []
    for gate in range(3):
        rows = torch.arange(gate * unit, (gate + 1) * unit)
        found += [weight_ih.index_select(0, rows), weight_hh.index_select(0, rows)]
        if gate < 2:
            found.append(torch.stack([bias_ih[rows], bias_hh[rows]]).sum(0))
        else:
            found += [bias_ih[rows].clone(), bias_hh[rows].clone()]
    return tuple(found)


def gru_backward_step(grad_h_t, x_t, h_before, W_x, W_h, b):
    """What autograd says, sequence by sequence."""
    leaves = [value.detach().requires_grad_() for value in (x_t, h_before, W_x, W_h, b)]
    with torch.enable_grad():
        x_t, h_before, *weights = leaves
        h_t = torch.stack([_step(x, h, *weights, True) for x, h in zip(x_t, h_before, strict=True)])
        return torch.autograd.grad((grad_h_t * h_t).sum(), leaves)


ALTERNATES = {
    function.__name__: [function]
    for function in (minimal_gated_step, convert_update_convention, load_torch_gru, gru_backward_step)
}


def _stacked(g: Generator, blocks: int, unit: int, feature: int) -> dict:
    rows = blocks * unit
    return {"W_x": numbers(g, rows, feature), "W_h": numbers(g, rows, unit), "b": numbers(g, rows)}


def _draw_minimal(g: Generator) -> dict:
    batch, unit, feature = size(g), size(g), size(g)
    inputs = {"x_t": numbers(g, batch, feature), "h": numbers(g, batch, unit)}
    return inputs | _stacked(g, 2, unit, feature) | {"b_hn": numbers(g, unit)}


def _draw_converted(g: Generator) -> dict:
    return _stacked(g, 3, size(g), size(g))


def _draw_loaded(g: Generator) -> dict:
    unit = size(g)
    drawn = _stacked(g, 3, unit, size(g))
    names = {"weight_ih": drawn["W_x"], "weight_hh": drawn["W_h"], "bias_ih": drawn["b"]}
    return names | {"bias_hh": numbers(g, 3 * unit)}


def _draw_backward(g: Generator) -> dict:
    batch, unit, feature = size(g), size(g), size(g)
    inputs = {"grad_h_t": numbers(g, batch, unit), "x_t": numbers(g, batch, feature)}
    return inputs | {"h_before": numbers(g, batch, unit)} | _stacked(g, 3, unit, feature)


DRAWS = {
    "minimal_gated_step": _draw_minimal,
    "convert_update_convention": _draw_converted,
    "load_torch_gru": _draw_loaded,
    "gru_backward_step": _draw_backward,
}
