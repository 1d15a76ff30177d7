"""Set the update gates of one step by hand and keep what becomes of a unit and of the answer."""

from collections.abc import Sequence

import numpy as np
import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.gated.gru import GRU, gru_gates, mix
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
    hidden = model.W_h.shape[1]
    for name, value, count in (("step", step, len(x)), ("unit", unit, hidden)):
        if not 0 <= value < count:
            raise ValueError(f"{name}: expected 0 … {count - 1}, got {value}")
    if len(model.W_hy) != len(answers):
        raise ValueError(f"expected {len(model.W_hy)} answers, one for each output, got {list(answers)}")
    shares = torch.from_numpy(SHARES).to(x.dtype)[:, None]
    h = x.new_zeros(len(shares) + 1, hidden)  # the first row is the network's own run
    states = []
    with torch.no_grad():
        for t, projected in enumerate((x @ model.W_x.T + model.b).unbind()):
            gates = gru_gates(projected.expand(len(h), -1), h, model.W_h, model.b_hn, model.variant)
            if t == step:
                before, candidate, update = (float(part[0, unit]) for part in (h, gates.candidate, gates.update))
                gates = gates._replace(update=torch.cat([gates.update[:1], shares.expand(-1, hidden)]))
            h = mix(h, gates)
            states.append(h)
        stacked = torch.stack(states, 1)
        probabilities = output_layer(stacked, model.W_hy, model.b_y).softmax(-1)[..., -1].numpy()
    of_unit = stacked[..., unit].numpy()
    return InterpolationTrace(
        tuple(tokens),
        answers[-1],
        unit,
        step,
        before,  # type: ignore[possibly-unbound] the step is one of the sequence's
        candidate,  # type: ignore[possibly-unbound]
        update,  # type: ignore[possibly-unbound]
        of_unit[0],
        probabilities[0],
        SHARES,
        of_unit[1:],
        probabilities[1:],
    )
