"""Draw the next token of a text with one fixed number, at every temperature."""

from collections.abc import Sequence

import numpy as np
import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.decoding import next_log_probabilities
from seqviz.models.sampling import adjust, pick
from seqviz.traces.language.records import SamplingTrace
from seqviz.traces.language.sentence import Reader
from seqviz.traces.reading import to_numpy


def trace_sampling(
    model: Reader,
    tokenizer: Tokenizer,
    text: str,
    u: float,
    *,
    temperatures: Sequence[float] = (1.0,),
    top_k: int | None = None,
    top_p: float | None = None,
) -> SamplingTrace:
    """Record what may follow the text at each temperature, after the cuts of `sampling.adjust`, and what u draws.

    Raises ValueError as `adjust` and `pick` do, and for a text that is empty or holds unknown tokens.
    """
    step, state = model
    log_p = next_log_probabilities(step, state, tokenizer.encode(text))[-1:]
    order = log_p[0].sort(dim=-1, descending=True, stable=True).indices
    adjusted = torch.cat([adjust(log_p, temperature, top_k, top_p) for temperature in temperatures])
    drawn = pick(adjusted, adjusted.new_full((len(temperatures),), u))
    return SamplingTrace(
        outputs=tuple(tokenizer.tokens[token] for token in order.tolist()),
        expected=to_numpy(log_p[0].exp()[order]),
        temperatures=np.array(temperatures),
        probabilities=to_numpy(adjusted[:, order]),
        u=u,
        drawn=order.argsort()[drawn].numpy(),
    )
