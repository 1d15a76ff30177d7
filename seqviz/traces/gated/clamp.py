"""Hold a gate of an LSTM at one step and keep what it changes."""

from collections.abc import Sequence
from typing import Literal

import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.gated.lstm import LSTM, lstm_gates, update
from seqviz.traces.gated.gates import trace_gates
from seqviz.traces.gated.records import ClampTrace
from seqviz.traces.reading import expect_unit, one_hot_input, to_numpy

Gate = Literal["forget", "input", "output"]
GATES: tuple[Gate, ...] = ("forget", "input", "output")


def trace_clamp(
    model: LSTM, tokenizer: Tokenizer, tokens: Sequence[str], gate: Gate, value: float, unit: int, alone: bool = True
) -> ClampTrace:
    """Hold a gate at ``value`` at one step, for every step in turn, and record how cells and expectation change.

    where unit is the watched cell, and alone says whether only its gate is held or those of all units. Later steps run
    freely: their gates see the changed state.

    Raises ValueError as `trace_gates`, and for a gate or a unit that the network does not have.
    """
    if gate not in GATES or gate[0] not in model.gates:
        has = [name for name in GATES if name[0] in model.gates]
        raise ValueError(f"gate: expected one of {', '.join(map(repr, has))}, got {gate!r}")
    hidden = model.W_h.shape[1]
    expect_unit(unit, hidden)
    free = trace_gates(model, tokenizer, tokens)
    x = one_hot_input(model, tokenizer, tokens)[0]
    held = torch.zeros(hidden, dtype=torch.bool)
    held[unit] = True
    held |= not alone
    with torch.no_grad():
        # one row for each step that is clamped, all run at once
        h = c = x.new_zeros(len(x), hidden)
        cells = []
        for t, projected in enumerate((x @ model.W_x.T + model.b).unbind()):
            gates = lstm_gates(projected.expand(len(x), -1), h, model.W_h, model.gates)
            now = (torch.arange(len(x)) == t)[:, None] & held
            clamped = torch.where(now, torch.tensor(value, dtype=x.dtype), getattr(gates, gate))
            h, c = update(c, gates._replace(**{gate: clamped}))
            cells.append(c[:, unit])
        probabilities = torch.softmax(h @ model.W_hy.T + model.b_y, -1)
    return ClampTrace(
        tokens=free.tokens,
        outputs=free.outputs,
        gate=gate,
        value=value,
        unit=unit,
        alone=alone,
        free_gate=getattr(free, gate)[:, unit],
        free_cells=free.cells[:, unit],
        free_probabilities=free.probabilities[-1],
        cells=to_numpy(torch.stack(cells, 1)),
        probabilities=to_numpy(probabilities),
    )
