"""The sinusoidal encoding as a row of clocks, one for each frequency."""

import torch

from seqviz.models.self_attention.positions import Layout, angular_frequencies, sinusoidal_encoding
from seqviz.traces.self_attention.records import ClocksTrace

POSITIONS = 64


def trace_clocks(layout: Layout = "pairs", base: float = 100.0, steps: int = 5, size: int = 12) -> ClocksTrace:
    """Record the encodings of `POSITIONS` positions and their products.

    where steps is how far apart the two positions are that are compared. Raises ValueError unless it leaves two, and
    as `sinusoidal_encoding`.
    """
    if not 0 <= steps < POSITIONS - 1:
        raise ValueError(f"steps: expected 0 … {POSITIONS - 2}, got {steps}")
    encoding = sinusoidal_encoding(torch.arange(POSITIONS), size, layout, base)
    pairs = range(size // 2)
    return ClocksTrace(
        layout=layout,
        base=base,
        steps=steps,
        frequencies=angular_frequencies(size, base).numpy(),
        first=tuple(2 * i if layout == "pairs" else i for i in pairs),
        second=tuple(2 * i + 1 if layout == "pairs" else i + size // 2 for i in pairs),
        encoding=encoding.numpy(),
        products=(encoding @ encoding.T).numpy(),
        movable=POSITIONS - steps,
    )
