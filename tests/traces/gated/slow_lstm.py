"""An LSTM as a slow loop, number by number."""

import numpy as np
import torch

from seqviz.data import PROSE_ALPHABET
from seqviz.models import LSTM

TEXT = "the value"
HIDDEN = 5


def sigmoid(a: float) -> float:
    return 1 / (1 + np.exp(-a))


def slow_loop(model: LSTM, text: str, clamp: dict[tuple[int, int], tuple[str, float]]) -> dict[str, np.ndarray]:
    """Every number by itself; ``clamp`` maps (step, unit) to a letter of a gate and its value."""
    blocks, hidden = model.gates, HIDDEN
    W_x, W_h, b = (weight.detach().numpy() for weight in (model.W_x, model.W_h, model.b))
    h, c = np.zeros(hidden), np.zeros(hidden)
    kept: dict[str, list] = {name: [] for name in "ifgoch"}
    for t, character in enumerate(text):
        column = PROSE_ALPHABET.tokens.index(character)
        new_h, new_c = np.zeros(hidden), np.zeros(hidden)
        gates = {name: np.ones(hidden) for name in "ifgo"}
        for unit in range(hidden):
            for block, name in enumerate(blocks):
                row = block * hidden + unit
                a = W_x[row, column] + sum(W_h[row, j] * h[j] for j in range(hidden)) + b[row]
                gates[name][unit] = np.tanh(a) if name == "g" else sigmoid(a)
            if (t, unit) in clamp:
                name, value = clamp[t, unit]
                gates[name][unit] = value
            new_c[unit] = gates["f"][unit] * c[unit] + gates["i"][unit] * gates["g"][unit]
            new_h[unit] = gates["o"][unit] * np.tanh(new_c[unit])
        h, c = new_h, new_c
        for name, value in (gates | {"c": c, "h": h}).items():
            kept[name].append(value)
    return {name: np.array(values) for name, values in kept.items()}


def softmax(model: LSTM, h: np.ndarray) -> np.ndarray:
    return torch.softmax(torch.from_numpy(h) @ model.W_hy.T + model.b_y, -1).detach().numpy()
