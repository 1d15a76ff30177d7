"""Which part of a gradient is left when a sequence is cut into chunks."""

import numpy as np

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.recurrent.rnn import RNN
from seqviz.traces.recurrent.gradient_ribbon import trace_gradient_ribbon
from seqviz.traces.recurrent.records import TruncationTrace
from seqviz.traces.recurrent.terms import trace_terms


def trace_truncation(model: RNN, alphabet: Tokenizer, text: str) -> TruncationTrace:
    r"""Record, for every length K of a chunk, what of $\partial\mathcal L/\partial W_{hh}$ is left.

    $$\sum_t \sum_{k=s(t)}^{t} (\phi'(a_k) \odot \delta_{t,k}) h_{k-1}^\top \qquad s(t) = \lfloor t / K \rfloor K$$

    with the terms of `trace_terms` and steps counted from 0: a loss reaches back to the start of its own chunk.
    Raises as `trace_gradient_ribbon`.
    """
    gradients, terms = trace_gradient_ribbon(model, alphabet, text), trace_terms(model, alphabet, text)
    steps = len(gradients.tokens)
    # back_to[t, k]: the terms of loss t from its own step back to k
    back_to = np.cumsum(terms.terms[:, ::-1], axis=1)[:, ::-1]
    whole = terms.autograd.astype(float)
    t = np.arange(steps)
    kept = np.stack([back_to[t, t // chunk * chunk].sum(0) for chunk in range(1, steps + 1)]).astype(float)
    norm = np.linalg.norm(whole)
    missing = np.linalg.norm(kept - whole, axis=(1, 2)) / (norm or 1.0)
    lengths = np.linalg.norm(kept, axis=(1, 2)) * norm
    cosines = (kept * whole).sum((1, 2)) / np.where(lengths > 0, lengths, 1.0)
    return TruncationTrace(gradients.tokens, gradients.norms, missing, np.degrees(np.arccos(np.clip(cosines, -1, 1))))
