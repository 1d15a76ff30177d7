"""The LSTM exercises: right answers written in another way, and inputs of every kind they allow."""

import math

import torch
from torch import Generator, Tensor

from tests.exercises.draws import numbers, size


def _sigmoid(a):
    return 1 / (1 + torch.exp(-a))


def _step(x, h, c, W_x, W_h, W_c, b):
    """One sequence, one step, unit by unit, of an LSTM whose gates read the cell."""
    unit = len(c)

    def a(block: int, k: int) -> Tensor:
        row = block * unit + k
        return W_x[row].dot(x) + W_h[row].dot(h) + b[row]

    cell = []
    for k in range(unit):
        i = _sigmoid(a(0, k) + W_c[k].dot(c))
        f = _sigmoid(a(1, k) + W_c[unit + k].dot(c))
        cell.append(c[k] * f + torch.tanh(a(2, k)) * i)
    c_t = torch.stack(cell)
    state = [torch.tanh(c_t[k]) * _sigmoid(a(3, k) + W_c[2 * unit + k].dot(c_t)) for k in range(unit)]
    return torch.stack(state), c_t


def gates_by_hand_open_for_nothing(effects, asks, strength):
    """Where nothing is to be written the input gate may be open, for a candidate of 0."""
    W_x = gates_by_hand(effects, asks, strength)
    i, f, g, o = W_x.chunk(4)
    return torch.cat([torch.where(g == 0, strength, i), f, g, o])


def gates_by_hand_closed_for_something(effects, asks, strength):
    """Where the input gate is closed the candidate may be anything."""
    i, f, g, o = gates_by_hand(effects, asks, strength).double().chunk(4)
    return torch.cat([2 * i, 3 * f, torch.where(g == 0, -strength, g), o])


def gates_by_hand(effects, asks, strength):
    """Row by row, from what each gate is for."""
    symbols = range(len(asks))
    writes = [[effect in ("overwrite", "add", "subtract") for effect in cell] for cell in effects]
    holds = [[effect not in ("erase", "overwrite") for effect in cell] for cell in effects]
    rows = [[strength if cell[m] else -strength for m in symbols] for gate in (writes, holds) for cell in gate]
    candidates = {"subtract": -strength, "keep": 0.0, "erase": 0.0}
    rows += [[candidates.get(effect, strength) for effect in cell] for cell in effects]
    rows += [[strength if asked else -strength for asked in asks] for _ in effects]
    return torch.tensor(rows)


def peephole_clock(period):
    """A cell that fills to 0.8, with every number written down by itself; the input gate closes when it is full."""
    count = 0.8 / period
    at = 0.8 - 0.4 * count
    p_f, p_o = -80 / count, 60 / count
    return torch.tensor([1.0, p_f, p_o]).double(), torch.tensor([30, -p_f * at, math.atanh(count), -p_o * at]).double()


def _batch_step(x_t, h, c, W_x, W_h, W_c, b):
    rows = [_step(*one, W_x, W_h, W_c, b) for one in zip(x_t, h, c, strict=True)]
    return tuple(torch.stack(list(each)) for each in zip(*rows, strict=True))


def peephole_backward_step(grad_h_t, grad_c_t, x_t, h_before, c_before, W_x, W_h, W_c, b):
    """What autograd says of the loop over sequences and units."""
    leaves = [value.detach().requires_grad_() for value in (x_t, h_before, c_before, W_x, W_h, W_c, b)]
    with torch.enable_grad():
        h_t, c_t = _batch_step(*leaves)
        return torch.autograd.grad((grad_h_t * h_t).sum() + (grad_c_t * c_t).sum(), leaves)


def grow_lstm(weight_ih, weight_hh, bias_ih, bias_hh, new_ih, new_hh):
    """Row by row into a layer of zeros, with all of the biases in the second."""
    unit, all_units = weight_hh.shape[1], new_hh.shape[1]
    more = all_units - unit
    larger_ih, larger_hh = new_ih.new_zeros(4 * all_units, new_ih.shape[1]), new_hh.new_zeros(4 * all_units, all_units)
    bias = new_ih.new_zeros(4 * all_units)
    for block in range(4):
        for k in range(unit):
            row, old = block * all_units + k, block * unit + k
            larger_ih[row], larger_hh[row, :unit], bias[row] = (
                weight_ih[old],
                weight_hh[old],
                bias_ih[old] + bias_hh[old],
            )
        for k in range(more):
            row, new = block * all_units + unit + k, block * more + k
            larger_ih[row], larger_hh[row], bias[row] = new_ih[new], new_hh[new], float(block == 1)
    return larger_ih, larger_hh, torch.zeros_like(bias), bias


ALTERNATES = {
    "gates_by_hand": [gates_by_hand, gates_by_hand_open_for_nothing, gates_by_hand_closed_for_something],
    "peephole_clock": [peephole_clock],
    "peephole_backward_step": [peephole_backward_step],
    "grow_lstm": [grow_lstm],
}


def _stacked(g: Generator, blocks: int, unit: int, feature: int) -> dict:
    rows = blocks * unit
    return {"W_x": numbers(g, rows, feature), "W_h": numbers(g, rows, unit), "b": numbers(g, rows)}


def _with_peepholes(g: Generator, unit: int, feature: int) -> dict:
    drawn = _stacked(g, 4, unit, feature)
    return {"W_x": drawn["W_x"], "W_h": drawn["W_h"], "W_c": numbers(g, 3 * unit, unit), "b": drawn["b"]}


def _draw_by_hand(g: Generator) -> dict:
    unit, symbol = size(g), size(g)
    known = ["keep", "erase", "overwrite", "add", "subtract"]
    effects = [[known[size(g, 0, 4)] for _ in range(symbol)] for _ in range(unit)]
    asks = [bool(size(g, 0, 1)) for _ in range(symbol)]
    symbols = [size(g, 0, symbol - 1) for _ in range(size(g, 1, 12))]
    return {"effects": effects, "asks": asks, "strength": float(size(g, 10, 20)), "symbols": symbols}


def _draw_clock(g: Generator) -> dict:
    return {"period": size(g, 1, 25), "steps": size(g, 1, 80)}


def _draw_backward(g: Generator) -> dict:
    batch, unit, feature = size(g), size(g), size(g)
    grads = {"grad_h_t": numbers(g, batch, unit), "grad_c_t": numbers(g, batch, unit)}
    inputs = {
        "x_t": numbers(g, batch, feature),
        "h_before": numbers(g, batch, unit),
        "c_before": numbers(g, batch, unit),
    }
    return grads | inputs | _with_peepholes(g, unit, feature)


def _draw_grown(g: Generator) -> dict:
    batch, time, unit, more, feature = size(g), size(g), size(g), size(g), size(g)
    old = {"weight_ih": numbers(g, 4 * unit, feature), "weight_hh": numbers(g, 4 * unit, unit)}
    biases = {"bias_ih": numbers(g, 4 * unit), "bias_hh": numbers(g, 4 * unit)}
    new = {"new_ih": numbers(g, 4 * more, feature), "new_hh": numbers(g, 4 * more, unit + more)}
    start = {"h_0": numbers(g, batch, unit + more), "c_0": numbers(g, batch, unit + more)}
    return old | biases | new | {"x": numbers(g, batch, time, feature)} | start


DRAWS = {
    "gates_by_hand": _draw_by_hand,
    "peephole_clock": _draw_clock,
    "peephole_backward_step": _draw_backward,
    "grow_lstm": _draw_grown,
}
