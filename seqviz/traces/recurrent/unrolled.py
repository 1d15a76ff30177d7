"""Let one network read and another go on from its last state."""

import numpy as np
import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.recurrent.rnn import RNN
from seqviz.traces.recurrent.records import RunTrace
from seqviz.traces.recurrent.run import run_network, trace_run


def trace_unrolled(encoder: RNN, decoder: RNN, alphabet: Tokenizer, text: str, answers: int) -> RunTrace:
    """Let one network read the text and another go on from its last state for ``answers`` steps that read nothing.

    The decoder's tokens are empty and its inputs zero. With no answers only the encoder runs. Raises as `trace_run`.
    """
    reading = trace_run(encoder, alphabet, text)
    if answers == 0:
        return reading
    h = torch.from_numpy(reading.states[-1:])
    nothing = torch.zeros(1, answers, len(alphabet), dtype=h.dtype)
    writing = run_network(decoder, nothing, ("",) * answers, alphabet, h)
    return RunTrace(
        reading.tokens + writing.tokens,
        reading.outputs,
        np.concatenate([reading.pre_activations, writing.pre_activations]),
        np.concatenate([reading.states, writing.states]),
        np.concatenate([reading.logits, writing.logits]),
    )
