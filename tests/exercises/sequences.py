"""The exercises on sequences: right answers written in another way, and inputs of every kind they allow."""

import torch
from torch import Generator


def pad_and_mask(sequences, limit):
    kept = [one[-limit:] for one in sequences]
    time = max(len(one) for one in kept)
    rows = [[*one, *[torch.zeros_like(one[0])] * (time - len(one))] for one in kept]
    x = torch.stack([torch.stack(row) for row in rows])
    return x, torch.tensor([[t < len(one) for t in range(time)] for one in kept])


def one_hot(indices, K):
    rows = []
    for index in indices.flatten().tolist():
        row = [0.0] * (K + 1)
        if index >= 0:
            row[min(index, K)] = 1.0
        rows.append(row)
    return torch.tensor(rows).reshape(*indices.shape, K + 1)


def receptive_field(layers, t):
    """Collect every step that is read, one at a time."""
    read = {t}
    for width, stride, dilation, padding in layers[::-1]:
        read = {step * stride + j * dilation - padding for step in read for j in range(width)}
    return min(read), max(read)


ALTERNATES = {function.__name__: [function] for function in (pad_and_mask, one_hot, receptive_field)}


def _whole(g: Generator, low: int, high: int) -> int:
    return int(torch.randint(low, high + 1, (), generator=g))


def _draw_sequences(g: Generator) -> dict:
    feature = _whole(g, 1, 3)
    lengths = [_whole(g, 1, 5) for _ in range(_whole(g, 1, 4))]
    sequences = [torch.randn(length, feature, generator=g, dtype=torch.float64) for length in lengths]
    return {"sequences": sequences, "limit": _whole(g, 1, 6)}


def _draw_indices(g: Generator) -> dict:
    K = _whole(g, 1, 5)
    return {"indices": torch.randint(-1, K + 3, (_whole(g, 1, 3), _whole(g, 1, 4)), generator=g), "K": K}


def _draw_layers(g: Generator) -> dict:
    layers = [(_whole(g, 1, 5), _whole(g, 1, 3), _whole(g, 1, 3), _whole(g, 0, 3)) for _ in range(_whole(g, 1, 3))]
    return {"layers": layers, "t": _whole(g, 0, 8)}


DRAWS = {"pad_and_mask": _draw_sequences, "one_hot": _draw_indices, "receptive_field": _draw_layers}
