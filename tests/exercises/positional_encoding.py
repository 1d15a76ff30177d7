"""The exercises on positions: right answers written in another way, and inputs of every kind."""

import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def _place(i, d, layout):
    """Return the columns of the two numbers of a pair."""
    return (2 * i, 2 * i + 1) if layout == "pairs" else (i, d // 2 + i)


def sinusoidal_encoding(positions, size, base, layout):
    """Number by number, with Python's own sine."""
    encoding = torch.zeros(*positions.shape, size, dtype=torch.float64)
    for row, of_row in enumerate(positions.tolist()):
        for step, t in enumerate(of_row):
            for i in range(size // 2):
                angle = t / base ** (2 * i / size)
                first, second = _place(i, size, layout)
                encoding[row, step, first], encoding[row, step, second] = math.sin(angle), math.cos(angle)
    return encoding


def shift_matrix(steps, size, base, layout):
    """The exponential of a matrix that is antisymmetric."""
    generator = torch.zeros(size, size, dtype=torch.float64)
    for i in range(size // 2):
        first, second = _place(i, size, layout)
        generator[first, second] = base ** (-2 * i / size)
    return torch.linalg.matrix_exp(steps * (generator - generator.T))


def rotary(q, k, v, base, layout):
    """Queries alone are turned, by their distance to every key, as complex numbers."""
    (_, _, new, size), time = q.shape, k.shape[2]
    columns = torch.tensor([_place(i, size, layout) for i in range(size // 2)]).T
    as_complex = [torch.complex(*(x[..., column].double() for column in columns)) for x in (q, k)]
    omega = torch.tensor([base ** (-2 * i / size) for i in range(size // 2)], dtype=torch.float64)
    z = torch.zeros_like(q)
    for n in range(new):
        at = time - new + n
        distance = at - torch.arange(at + 1)
        turn = torch.exp(1j * distance[:, None] * omega)
        scores = (as_complex[0][:, :, n, None] * turn * as_complex[1][:, :, : at + 1].conj()).real.sum(-1)
        weights = (scores / math.sqrt(size)).softmax(-1)
        z[:, :, n] = (weights[..., None] * v[:, :, : at + 1].double()).sum(2).to(q.dtype)
    return z


def alibi_bias(heads, queries, keys, causal):
    """Entry by entry."""
    return torch.tensor(
        [
            [
                [-math.inf if causal and j > i else -abs(i - j) / 2 ** (8 * h / heads) for j in keys.tolist()]
                for i in queries.tolist()
            ]
            for h in range(1, heads + 1)
        ],
        dtype=torch.float64,
    )


def relative_offset_curve(scores):
    """Pairs are collected under their offset."""
    queries, keys = scores.shape
    found = {offset: [] for offset in range(-queries + 1, keys)}
    for i in range(queries):
        for j in range(keys):
            found[j - i].append(scores[i, j])
    curve = torch.stack([sum(one) / len(one) for one in found.values()])
    return curve, torch.stack([max(one) - min(one) for one in found.values()])


ALTERNATES = {
    function.__name__: [function]
    for function in (sinusoidal_encoding, shift_matrix, rotary, alibi_bias, relative_offset_curve)
}


def sinusoidal_encoding_of_the_first_row(positions, size, base, layout):
    """Right where all rows have the same positions."""
    return sinusoidal_encoding(positions[:1].expand_as(positions), size, base, layout)


def sinusoidal_encoding_of_a_table(positions, size, base, layout):
    """A table of a hundred rows, which many layers have."""
    return sinusoidal_encoding(positions.clamp(max=99), size, base, layout)


def shift_matrix_of_a_few_steps(steps, size, base, layout):
    """Nobody goes further than twenty steps."""
    return shift_matrix(max(-20, min(steps, 20)), size, base, layout)


def shift_matrix_of_whole_turns(steps, size, base, layout):
    """Steps are counted from 0 to 9: right for few."""
    return shift_matrix(steps % 10, size, base, layout)


def rotary_of_one_new_step(q, k, v, base, layout):
    """Every query stands where the last one does: right for a single one."""
    steps = [rotary(q[:, :, n : n + 1], k, v, base, layout) for n in range(q.shape[2])]
    return torch.cat(steps, 2)


def rotary_of_the_last_eight_steps(q, k, v, base, layout):
    """A window over what was read before: right for few keys."""
    new = q.shape[2]
    steps = [
        rotary(q[:, :, n : n + 1], *(x[:, :, : x.shape[2] - new + n + 1][:, :, -8:] for x in (k, v)), base, layout)
        for n in range(new)
    ]
    return torch.cat(steps, 2)


def rotary_in_float64(q, k, v, base, layout):
    """What is read has another dtype than the inputs."""
    return rotary(q.double(), k.double(), v.double(), base, layout)


def alibi_bias_masked_by_place(heads, queries, keys, causal):
    """Right where the keys begin at 0 and the queries are the last ones."""
    bias = alibi_bias(heads, queries, keys, False)
    later = torch.ones(len(queries), len(keys), dtype=torch.bool).triu(1 + max(len(keys) - len(queries), 0))
    return bias.masked_fill(later, -torch.inf) if causal else bias


def alibi_bias_with_a_table_of_distances(heads, queries, keys, causal):
    """A table of a few distances, the last of which stands for all beyond."""
    bias = alibi_bias(heads, queries, keys, causal)
    slopes = torch.tensor([2 ** (-8 * h / heads) for h in range(1, heads + 1)], dtype=torch.float64)
    return torch.maximum(bias, -20 * slopes[:, None, None]).where(bias > -torch.inf, -torch.inf)


def alibi_bias_with_a_large_distance(heads, queries, keys, causal):
    """−1e9 in the place of −∞."""
    return alibi_bias(heads, queries, keys, causal).clamp(min=-1e9)


def relative_offset_curve_of_the_ends(scores):
    """The spread of the first and the last score of an offset."""
    curve, _ = relative_offset_curve(scores)
    lines = [scores.diagonal(offset) for offset in range(1 - len(scores), scores.shape[1])]
    return curve, torch.stack([(one[0] - one[-1]).abs() for one in lines])


WRONG = {
    "sinusoidal_encoding": [sinusoidal_encoding_of_the_first_row, sinusoidal_encoding_of_a_table],
    "shift_matrix": [shift_matrix_of_whole_turns, shift_matrix_of_a_few_steps],
    "rotary": [rotary_of_one_new_step, rotary_of_the_last_eight_steps, rotary_in_float64],
    "alibi_bias": [
        alibi_bias_with_a_large_distance,
        alibi_bias_masked_by_place,
        alibi_bias_with_a_table_of_distances,
    ],
    "relative_offset_curve": [relative_offset_curve_of_the_ends],
}


def _draw_scheme(g: Generator) -> dict:
    base = [10.0, 100.0, 10_000.0][size(g, 0, 2)]
    return {"base": base, "layout": ["pairs", "halves"][size(g, 0, 1)]}


def _draw_encoding(g: Generator) -> dict:
    positions = torch.randint(0, [50, 6000][size(g, 0, 1)], (size(g), size(g)), generator=g)
    return {"positions": positions, "size": 2 * size(g)} | _draw_scheme(g)


def _draw_shift(g: Generator) -> dict:
    return {"steps": size(g, -9, 9) * [1, 40][size(g, 0, 1)], "size": 2 * size(g)} | _draw_scheme(g)


def _draw_rotary(g: Generator) -> dict:
    batch, head, time, d = size(g), size(g), size(g, 1, 6), 2 * size(g)
    new = size(g, 1, time)
    drawn = {"q": numbers(g, batch, head, new, d)}
    return drawn | {name: numbers(g, batch, head, time, d) for name in "kv"} | _draw_scheme(g)


def _draw_bias(g: Generator) -> dict:
    queries, keys = (torch.randint(0, [12, 800][size(g, 0, 1)], (size(g),), generator=g) for _ in range(2))
    return {"heads": size(g, 1, 12), "queries": queries, "keys": keys, "causal": bool(size(g, 0, 1))}


def _draw_scores(g: Generator) -> dict:
    return {"scores": numbers(g, size(g, 1, 6), size(g, 1, 6))}


DRAWS = {
    "sinusoidal_encoding": _draw_encoding,
    "shift_matrix": _draw_shift,
    "rotary": _draw_rotary,
    "alibi_bias": _draw_bias,
    "relative_offset_curve": _draw_scores,
}
