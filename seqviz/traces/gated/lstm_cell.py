"""Look inside one cell of an LSTM, at every step of a sequence."""

from collections.abc import Sequence

import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.gated.lstm import LSTM, lstm_gates
from seqviz.traces.gated.records import LSTMCellTrace
from seqviz.traces.reading import expect_unit, one_hot_input, to_numpy


def trace_lstm_cell(model: LSTM, tokenizer: Tokenizer, tokens: Sequence[str], unit: int) -> LSTMCellTrace:
    """Record what one cell's gates add up, what they decide, and what the cell holds and shows.

    Raises ValueError when a token is unknown, a weight is not finite, the network lacks a gate or has no such unit.
    """
    x = one_hot_input(model, tokenizer, tokens)[0]
    if model.gates != "ifgo":
        raise ValueError(f"model: expected an LSTM with all gates, got one with {model.gates!r}")
    hidden = model.W_h.shape[1]
    expect_unit(unit, hidden)
    with torch.no_grad():
        states, cells = (torch.cat([torch.zeros(1, hidden, dtype=x.dtype), run[0]]) for run in model.run(x[None]))
        before = states[:-1]
        parts = (x @ model.W_x.T, before @ model.W_h.T, model.b.expand(len(x), -1))
        gates = torch.stack(lstm_gates(parts[0] + model.b, before, model.W_h), 1)
    own = [part.unflatten(-1, (4, hidden))[..., unit] for part in parts]
    return LSTMCellTrace(
        tokens=tuple(tokens),
        unit=unit,
        sums=to_numpy(torch.stack(own, -1)),
        gates=to_numpy(gates[..., unit]),
        cells=to_numpy(cells[:, unit]),
        states=to_numpy(states[:, unit]),
    )
