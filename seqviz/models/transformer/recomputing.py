"""The decode step without a cache: everything written so far is computed again for every new token."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models import expect
from seqviz.models.decoding import DecodeStep
from seqviz.models.transformer.decoder_only import CausalTransformer

Written = Int[Tensor, "batch _written"]


def nothing_written(batch: int) -> Written:
    """Return the state before the first token: rows without a token."""
    return torch.zeros(batch, 0, dtype=torch.long)


def recomputing_step(model: CausalTransformer, window: int | None = None) -> DecodeStep[Written]:
    r"""Return a decode step whose state is the text itself, of which the model reads the last ``window`` tokens.

    $$\log P(y_{t+1} \mid y_{t-w+1} … y_t)$$

    where w is the window; without one, everything from $y_1$ on is read, and the log-probabilities are those of
    `CausalTransformer.step`. The first token of a window has the position 0, wherever in the text it stands: so a model
    of learned positions can go on for ever, which it cannot with a cache.

    Raises ValueError for a window below 1.
    """
    if window is not None:
        expect.at_least_one(window=window)

    def step(token: Int[Tensor, " batch"], written: Written) -> tuple[Float[Tensor, "batch token"], Written]:
        written = torch.cat([written, token[:, None]], 1)
        if window is not None:
            written = written[:, -window:]
        logits, _ = model(written)
        return logits[:, -1].log_softmax(-1), written

    return step
