"""Set the update gates of one step by hand and record what a unit and the answer become."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.gated.gru import GRU, GRUGates, gru_gates, mix
from seqviz.models.recurrent_network import output_layer
from seqviz.traces.gated.records import InterpolationTrace

SHARES = np.linspace(0, 1, 21)


def trace_interpolation(
    model: GRU, vocabulary: Tokenizer, tokens: Sequence[str], answers: Sequence[str], step: int, unit: int
) -> InterpolationTrace:
    r"""Let the network read the tokens as it is, and once for every share z with $h_t = z h_{t-1} + (1 - z) n_t$.

    where t is ``step``, all units of that step take the same z, and every other step is the network's own. The
    probability is that of the last of the ``answers``. All runs are rows of one batch.

    Raises ValueError when a token is not known, a weight is not finite, or there is no such step or unit.
    """
    expect.finite(**dict(model.named_parameters()))
    x = vocabulary.one_hot(vocabulary.encode(tuple(tokens)), model.W_x.dtype)
    for name, value, count in (("step", step, len(x)), ("unit", unit, model.W_h.shape[1])):
        if not 0 <= value < count:
            raise ValueError(f"{name}: expected 0 … {count - 1}, got {value}")
    if len(model.W_hy) != len(answers):
        raise ValueError(f"expected {len(model.W_hy)} answers, one for each output, got {list(answers)}")
    with torch.no_grad():
        states, own = _run(model, x, step)
        probabilities = output_layer(states, model.W_hy, model.b_y).softmax(-1)[:, 1:, -1].numpy()
    of_unit = states[..., unit].numpy()
    return InterpolationTrace(
        tokens=tuple(tokens),
        answer=answers[-1],
        unit=unit,
        step=step,
        before=float(of_unit[0, step]),
        candidate=float(own.candidate[unit]),
        update=float(own.update[unit]),
        states=of_unit[0, 1:],
        probabilities=probabilities[0],
        shares=SHARES,
        set_states=of_unit[1:, 1:],
        set_probabilities=probabilities[1:],
    )


def _run(model: GRU, x: Tensor, step: int) -> tuple[Tensor, GRUGates]:
    """Return the states h_0 … h_T of all runs, the network's own first, and its own gates at the step."""
    shares = torch.from_numpy(SHARES).to(x.dtype)[:, None]
    hidden = model.W_h.shape[1]
    h = x.new_zeros(1 + len(shares), hidden)
    states, own = [h], []
    for t, projected in enumerate((x @ model.W_x.T + model.b).unbind()):
        gates = gru_gates(projected.expand(len(h), -1), h, model.W_h, model.b_hn, model.variant)
        own.append(GRUGates(*(part[0] for part in gates)))
        if t == step:
            gates = gates._replace(update=torch.cat([gates.update[:1], shares.expand(-1, hidden)]))
        h = mix(h, gates)
        states.append(h)
    return torch.stack(states, 1), own[step]
