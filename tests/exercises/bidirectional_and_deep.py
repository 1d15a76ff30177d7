"""The exercises on directions and depth: right answers written in another way, and inputs of every kind they allow."""

import torch
from torch import Generator

from tests.exercises.draws import numbers, rnn, size


def reverse_padded(x, mask):
    rows = []
    for one, real in zip(x.tolist(), mask.tolist(), strict=True):
        left = [step for step, is_real in zip(one, real, strict=True) if is_real]
        rows.append([left.pop() if is_real else step for step, is_real in zip(one, real, strict=True)])
    return torch.tensor(rows, dtype=x.dtype).reshape(x.shape)


def reverse_padded_by_counting(x, mask):
    """The i-th real step from the left takes the place of the i-th from the right."""
    from_left = torch.where(mask, mask.cumsum(1), 0)
    from_right = torch.where(mask, mask.flip(1).cumsum(1).flip(1), 0)
    partner = (from_left[:, :, None] == from_right[:, None, :]) & mask[:, :, None] & mask[:, None, :]
    return torch.where(mask[..., None], torch.einsum("bts,bsf->btf", partner.to(x.dtype), x), x)


def _read(steps, W_xh, W_hh, b_h):
    h = torch.zeros_like(b_h)
    for x_t in steps:
        h = (W_xh.mv(x_t) + W_hh.mv(h) + b_h).tanh()
    return h


def birnn(x, lengths, W_xh, W_hh, b_h, V_xh, V_hh, c_h, look_ahead):
    """Each state by a walk of its own over the steps that it may see."""
    states = torch.zeros(*x.shape[:2], len(b_h) + len(c_h), dtype=x.dtype)
    for row, length in enumerate(lengths.tolist()):
        for t in range(length):
            past, future = x[row, : t + 1], x[row, t : min(length, t + 1 + look_ahead)]
            states[row, t] = torch.cat([_read(past, W_xh, W_hh, b_h), _read(future.flip(0), V_xh, V_hh, c_h)])
    return states


def stacked_rnn(x, W_xh, W_up, W_hh, b_h, masks, p):
    """Step by step, all layers of a step before the next step."""
    layers, unit = b_h.shape
    states = torch.zeros(layers, x.shape[0], x.shape[1] + 1, unit, dtype=x.dtype)  # the first column is zero
    for t in range(x.shape[1]):
        for layer in range(layers):
            a = torch.einsum("bf,uf->bu", x[:, t], W_xh[layer]) + b_h[layer]
            a += torch.einsum("bk,uk->bu", states[layer, :, t], W_hh[layer])
            if layer > 0:
                share = masks[layer - 1, :, t].to(x.dtype) / (1 - p)
                a += torch.einsum("bk,uk->bu", share * states[layer - 1, :, t + 1], W_up[layer - 1])
            states[layer, :, t + 1] = a.tanh()
    return states[:, :, 1:]


ALTERNATES = {
    "reverse_padded": [reverse_padded, reverse_padded_by_counting],
    "birnn": [birnn],
    "stacked_rnn": [stacked_rnn],
}


def _draw_padded(g: Generator) -> dict:
    batch, time, feature = size(g), size(g, 1, 7), size(g)
    return {"x": numbers(g, batch, time, feature), "mask": torch.rand(batch, time, generator=g) < 0.6}


def _draw_both(g: Generator) -> dict:
    batch, time, feature, unit, other = size(g), size(g, 1, 6), size(g), size(g), size(g)
    names = ("V_xh", "V_hh", "c_h")
    back = dict(zip(names, rnn(g, batch, other, feature).values(), strict=True))
    read = {"x": numbers(g, batch, time, feature), "lengths": torch.randint(1, time + 1, (batch,), generator=g)}
    return read | rnn(g, batch, unit, feature) | back | {"look_ahead": size(g, 0, 7)}


def _draw_stack(g: Generator) -> dict:
    layers, batch, time, feature, unit = size(g), size(g), size(g), size(g), size(g)
    p = [0.0, 0.9 * float(torch.rand((), generator=g))][size(g, 0, 1)]
    return {
        "x": numbers(g, batch, time, feature),
        "W_xh": numbers(g, layers, unit, feature),
        "W_up": numbers(g, layers - 1, unit, unit),
        "W_hh": numbers(g, layers, unit, unit),
        "b_h": numbers(g, layers, unit),
        "masks": torch.rand(layers - 1, batch, time, unit, generator=g) >= p,
        "p": p,
    }


DRAWS = {"reverse_padded": _draw_padded, "birnn": _draw_both, "stacked_rnn": _draw_stack}
