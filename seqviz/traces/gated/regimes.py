"""One cell whose gates do not move."""

from collections.abc import Sequence

import torch

from seqviz.models.gated.lstm import LSTMGates, update
from seqviz.traces.gated.records import RegimeTrace
from seqviz.traces.reading import to_numpy


def trace_regimes(forget: float, input: float, candidates: Sequence[float], start: float) -> RegimeTrace:
    """Record what a cell holds while its gates stay as they are."""
    g = torch.tensor(candidates, dtype=torch.float64)
    one = torch.ones(1, dtype=torch.float64)
    c, cells = start * one, []
    for g_t in g:
        _, c = update(c, LSTMGates(input * one, forget * one, g_t[None], one))
        cells.append(c)
    return RegimeTrace(forget, input, start, to_numpy(g), to_numpy(torch.cat(cells)))
