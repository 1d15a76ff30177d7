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


def convert_gru_weights(kernel, recurrent, bias):
    """Row by row, with all that the gates may add up in the first bias."""
    unit = recurrent.shape[0]
    places = [*range(unit, 2 * unit), *range(unit), *range(2 * unit, 3 * unit)]
    signs = [-1 if place < unit else 1 for place in places]
    weight_ih, weight_hh, bias_ih, bias_hh = (
        torch.stack([sign * rows[place] for place, sign in zip(places, signs, strict=True)])
        for rows in (kernel.T, recurrent.T, bias[0], bias[1])
    )
    gates = torch.arange(3 * unit) < 2 * unit
    return weight_ih, weight_hh, torch.where(gates, bias_ih + bias_hh, bias_ih), torch.where(gates, 0, bias_hh)


def sum_by_hand(scale, strength):
    """Void lines close the reset too, marks act three times as strongly, and new lines close the gate once more."""
    W_x, W_h, b = torch.zeros(3, 3).double(), torch.zeros(3, 1).double(), torch.zeros(3).double()
    W_x[0, 1:], b[0] = -3 * strength, strength
    W_x[1, 1], W_x[1, 2], b[1] = -strength, 4 * strength, -1.5 * strength
    W_x[2, 0], W_h[2] = scale, 1
    return W_x, W_h, b


def gru_backward_step(grad_h_t, x_t, h_before, W_x, W_h, b):
    """What autograd says, sequence by sequence."""
    leaves = [value.detach().requires_grad_() for value in (x_t, h_before, W_x, W_h, b)]
    with torch.enable_grad():
        x_t, h_before, *weights = leaves
        h_t = torch.stack([_step(x, h, *weights, True) for x, h in zip(x_t, h_before, strict=True)])
        return torch.autograd.grad((grad_h_t * h_t).sum(), leaves)


ALTERNATES = {
    function.__name__: [function]
    for function in (minimal_gated_step, convert_gru_weights, sum_by_hand, gru_backward_step)
}


def _stacked(g: Generator, blocks: int, unit: int, feature: int) -> dict:
    rows = blocks * unit
    return {"W_x": numbers(g, rows, feature), "W_h": numbers(g, rows, unit), "b": numbers(g, rows)}


def _draw_minimal(g: Generator) -> dict:
    batch, unit, feature = size(g), size(g), size(g)
    inputs = {"x_t": numbers(g, batch, feature), "h": numbers(g, batch, unit)}
    return inputs | _stacked(g, 2, unit, feature) | {"b_hn": numbers(g, unit)}


def _draw_converted(g: Generator) -> dict:
    batch, time, unit, feature = size(g), size(g), size(g), size(g)
    weights = {"kernel": numbers(g, feature, 3 * unit), "recurrent": numbers(g, unit, 3 * unit)}
    return weights | {
        "bias": numbers(g, 2, 3 * unit),
        "x": numbers(g, batch, time, feature),
        "h_0": numbers(g, batch, unit),
    }


def _draw_sum(g: Generator) -> dict:
    lines = size(g, 1, 12)
    values = (torch.rand(lines, generator=g, dtype=torch.float64) * 2 - 1).tolist()
    marks = [["", "", "new", "void"][size(g, 0, 3)] for _ in values]
    return {"scale": size(g, 1, 10) / 1000, "strength": float(size(g, 10, 20)), "values": values, "marks": marks}


def _draw_backward(g: Generator) -> dict:
    batch, unit, feature = size(g), size(g), size(g)
    inputs = {"grad_h_t": numbers(g, batch, unit), "x_t": numbers(g, batch, feature)}
    return inputs | {"h_before": numbers(g, batch, unit)} | _stacked(g, 3, unit, feature)


DRAWS = {
    "minimal_gated_step": _draw_minimal,
    "convert_gru_weights": _draw_converted,
    "sum_by_hand": _draw_sum,
    "gru_backward_step": _draw_backward,
}
