"""Look inside one unit of a GRU, at every step of a sequence, and hold one of its gates."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect
from seqviz.models.gated.gru import GRU, GRUGates, mix
from seqviz.models.recurrent_network import output_layer
from seqviz.traces.gated.records import GRUCellTrace
from seqviz.traces.reading import expect_unit, to_numpy

HELD = {"": None, "r_t = 0": ("reset", 0.0), "r_t = 1": ("reset", 1.0), "z_t = 0": ("update", 0.0)}
HELD |= {"z_t = 1": ("update", 1.0)}


def trace_gru_cell(
    model: GRU, x: Float[Tensor, "time input"], tokens: Sequence[str], unit: int, held: str = ""
) -> GRUCellTrace:
    """Record what one unit's gates add up and decide, at every step of the free run.

    where ``held`` is one of `HELD`: at each step, from the state that the free run has before it, the step is then
    taken once more with this gate of all units held.

    Raises ValueError for a form without a reset gate of its own, a weight that is not finite, and a unit or gate that
    there is not.
    """
    expect.finite(**dict(model.named_parameters()))
    expect.one_of("variant", model.variant, ("reset before", "reset after"))
    expect.one_of("held", held, HELD)
    hidden = model.W_h.shape[1]
    expect_unit(unit, hidden)
    W_hr, W_hz, W_hn = model.W_h.detach().chunk(3)
    with torch.no_grad():
        free_answers, states = (run[0] for run in model(x[None]))
        states = torch.cat([torch.zeros(1, hidden, dtype=x.dtype), states])
        before = states[:-1]
        from_x, b = (x @ model.W_x.T).chunk(3, -1), model.b.chunk(3)
        from_h = [before @ W_hr.T, before @ W_hz.T]
        decided = {"reset": torch.sigmoid(from_x[0] + from_h[0] + b[0])}
        decided["update"] = torch.sigmoid(from_x[1] + from_h[1] + b[1])
        if HELD[held]:
            gate, value = HELD[held]
            decided[gate] = torch.full_like(before, value)
        b_hn = torch.zeros(hidden, dtype=x.dtype) if model.b_hn is None else model.b_hn
        unreset = before @ W_hn.T + b_hn
        after_matrix = model.variant == "reset after"
        from_h.append(decided["reset"] * unreset if after_matrix else (decided["reset"] * before) @ W_hn.T)
        gates = GRUGates(decided["reset"], decided["update"], torch.tanh(from_x[2] + from_h[2] + b[2]))
        after = mix(before, gates)
        answers = output_layer(after, model.W_hy, model.b_y)
    parts = zip(from_x, from_h, (one.expand(len(x), -1) for one in b), strict=True)
    return GRUCellTrace(
        tokens=tuple(tokens),
        unit=unit,
        reset_after=after_matrix,
        held=held,
        sums=to_numpy(torch.stack([torch.stack(of_gate, -1)[:, unit] for of_gate in parts], 1)),
        gates=to_numpy(torch.stack(gates, 1)[..., unit]),
        unreset=to_numpy(unreset[:, unit]),
        states=to_numpy(states[:, unit]),
        after=to_numpy(after[:, unit]),
        answers=to_numpy(answers),
        free_answers=to_numpy(free_answers),
    )
