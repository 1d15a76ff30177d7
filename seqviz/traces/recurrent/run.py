"""Let an Elman network read a text and record the state and output of each step."""

from dataclasses import replace

import torch
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.decoding import recurrent_decode_step, sample
from seqviz.models.recurrent.rnn import RNN
from seqviz.traces.reading import one_hot_input, to_numpy
from seqviz.traces.recurrent.records import RunTrace


def trace_run(model: RNN, alphabet: Tokenizer, text: str, letters: int = 0, seed: int = 0) -> RunTrace:
    """Let the network read the text one-hot, character by character, and write on from every step.

    where letters says how many characters it writes, each drawn with the probabilities it gives, by a generator with
    the seed.

    Raises ValueError when a character is unknown, the text is empty or a weight is not finite.
    """
    trace = run_network(model, one_hot_input(model, alphabet, text), tuple(text), alphabet, None)
    return replace(trace, writings=_writings(model, alphabet, trace, letters, seed)) if letters else trace


def _writings(model: RNN, alphabet: Tokenizer, trace: RunTrace, letters: int, seed: int) -> tuple[str, ...]:
    """Let the network write on from every step; all write side by side, a row each."""
    states = torch.from_numpy(trace.states)
    before = torch.cat([torch.zeros_like(states[:1]), states[:-1]])
    read = alphabet.encode(trace.tokens)
    draws = torch.Generator().manual_seed(seed)
    written = sample(recurrent_decode_step(model), (before,), read, letters, draws)
    return tuple(alphabet.decode(row) for row in written)


def run_network(model: RNN, x: Tensor, tokens: tuple[str, ...], alphabet: Tokenizer, h_0: Tensor | None) -> RunTrace:
    """Let the network read x, (1, time, input), from the state h_0 on."""
    with torch.no_grad():
        logits, states = model(x, h_0)
        first = torch.zeros_like(states[:, 0]) if h_0 is None else h_0
        before = torch.cat([first[:, None], states[:, :-1]], dim=1)
        pre_activations = x @ model.W_xh.T + before @ model.W_hh.T + model.b_h
    return RunTrace(
        tokens=tokens,
        outputs=alphabet.tokens,
        pre_activations=to_numpy(pre_activations[0]),
        states=to_numpy(states[0]),
        logits=to_numpy(logits[0]),
    )
