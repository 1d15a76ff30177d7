"""Let an Elman network read a text and keep what each step thought and said."""

import torch
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.recurrent.rnn import RNN
from seqviz.traces.reading import one_hot_input, to_numpy
from seqviz.traces.recurrent.records import RunTrace


def trace_run(model: RNN, alphabet: Tokenizer, text: str) -> RunTrace:
    """Let the network read the text one-hot, character by character.

    Raises ValueError when a character is unknown, the text is empty or a weight is not finite.
    """
    return run_network(model, one_hot_input(model, alphabet, text), tuple(text), alphabet, None)


def run_network(model: RNN, x: Tensor, tokens: tuple[str, ...], alphabet: Tokenizer, h_0: Tensor | None) -> RunTrace:
    """Let the network read x, (1, time, input), from the state h_0 on."""
    with torch.no_grad():
        logits, states = model(x, h_0)
        first = torch.zeros_like(states[:, 0]) if h_0 is None else h_0
        before = torch.cat([first[:, None], states[:, :-1]], dim=1)
        pre_activations = x @ model.W_xh.T + before @ model.W_hh.T + model.b_h
    return RunTrace(tokens, alphabet.tokens, to_numpy(pre_activations[0]), to_numpy(states[0]), to_numpy(logits[0]))
