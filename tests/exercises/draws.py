"""Inputs of every kind an exercise allows, apart from the checks: they decide whether a change changes anything."""

import torch
from torch import Generator, Tensor


def size(g: Generator, low: int = 1, high: int = 4) -> int:
    return int(torch.randint(low, high + 1, (), generator=g))


def numbers(g: Generator, *shape: int) -> Tensor:
    return torch.randn(shape, generator=g, dtype=torch.float64)


def rnn(g: Generator, batch: int, unit: int, feature: int) -> dict:
    return {"W_xh": numbers(g, unit, feature), "W_hh": numbers(g, unit, unit), "b_h": numbers(g, unit)}


def compact_step(g: Generator) -> dict:
    batch, unit, feature = size(g), size(g), size(g)
    return {"x_t": numbers(g, batch, feature), "h": numbers(g, batch, unit)} | rnn(g, batch, unit, feature)


def leaky_step(g: Generator) -> dict:
    drawn = compact_step(g)
    unit = len(drawn["b_h"])
    share = torch.rand(unit, generator=g, dtype=torch.float64)
    return drawn | {"alpha": [0.0, 1.0, float(share[0]), share][size(g) - 1]}


def masked_forward(g: Generator) -> dict:
    batch, time, unit, feature = size(g), size(g), size(g), size(g)
    mask = torch.rand(batch, time, generator=g) < 0.5
    x, h_0 = numbers(g, batch, time, feature), numbers(g, batch, unit)
    return {"x": x, "mask": mask, "h_0": h_0} | rnn(g, batch, unit, feature)


def one_to_many(g: Generator) -> dict:
    drawn = compact_step(g)
    unit, feature = drawn["W_xh"].shape
    weights = {name: drawn[name] for name in ("W_xh", "W_hh", "b_h")}
    output = {"W_hy": numbers(g, feature, unit), "b_y": numbers(g, feature), "steps": size(g)}
    return {"x_1": drawn["x_t"], "h_0": drawn["h"]} | weights | output


def leaky_backward_step(g: Generator) -> dict:
    drawn = compact_step(g)
    weights = {name: drawn[name] for name in ("W_xh", "W_hh", "b_h")}
    inputs = {"grad_h_t": torch.randn_like(drawn["h"]), "x_t": drawn["x_t"], "h_before": drawn["h"]}
    return inputs | weights | {"alpha": float(torch.rand((), generator=g))}


def _run(g: Generator) -> tuple[dict, int, int, int]:
    batch, time, unit, feature = size(g), size(g), size(g), size(g)
    drawn = {"x": numbers(g, batch, time, feature), "h_0": numbers(g, batch, unit)} | rnn(g, batch, unit, feature)
    return drawn, batch, time, unit


def leaky_bptt(g: Generator) -> dict:
    drawn, batch, time, unit = _run(g)
    return drawn | {"alpha": float(torch.rand((), generator=g)), "immediate": numbers(g, batch, time, unit)}


def initial_state_gradient(g: Generator) -> dict:
    drawn, batch, time, unit = _run(g)
    context = size(g)
    start = {"v": numbers(g, batch, context), "W_0": numbers(g, unit, context), "b_0": numbers(g, unit)}
    weights = {name: drawn[name] for name in ("W_xh", "W_hh", "b_h")}
    return {"x": drawn["x"]} | start | weights | {"immediate": numbers(g, batch, time, unit)}


def many_to_one_bptt(g: Generator) -> dict:
    drawn, batch, time, unit = _run(g)
    lengths = torch.randint(1, time + 1, (batch,), generator=g)
    weights = {name: drawn[name] for name in ("W_xh", "W_hh", "b_h")}
    return {"x": drawn["x"], "lengths": lengths} | weights | {"grad_max": numbers(g, batch, unit)}


def cut_after(g: Generator) -> dict:
    drawn, batch, time, unit = _run(g)
    return drawn | {"immediate": numbers(g, batch, time, unit), "K": size(g, 1, time)}


DRAWS = {
    function.__name__: function
    for function in (
        compact_step,
        leaky_step,
        masked_forward,
        one_to_many,
        leaky_backward_step,
        leaky_bptt,
        initial_state_gradient,
        many_to_one_bptt,
        cut_after,
    )
}
