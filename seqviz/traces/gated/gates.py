"""Record the gates and cells of an LSTM along a sequence."""

from collections.abc import Sequence

import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.gated.lstm import LSTM, lstm_gates
from seqviz.traces.gated.records import GateTrace
from seqviz.traces.reading import one_hot_input, to_numpy


def trace_gates(model: LSTM, tokenizer: Tokenizer, tokens: Sequence[str]) -> GateTrace:
    """Let the network read the tokens one-hot and record gates, cells, states and what it expects next.

    Raises ValueError when a token is unknown, there is none, or a weight is not finite.
    """
    x = one_hot_input(model, tokenizer, tokens)
    with torch.no_grad():
        states, cells = model.run(x)
        before = torch.cat([torch.zeros_like(states[:, :1]), states[:, :-1]], 1)
        gates = lstm_gates(x @ model.W_x.T + model.b, before, model.W_h, model.gates)
        probabilities = torch.softmax(states @ model.W_hy.T + model.b_y, -1)
    parts = (gates.forget, gates.input, gates.candidate, gates.output, cells, states, probabilities)
    return GateTrace(tuple(tokens), tokenizer.tokens, *(to_numpy(part[0]) for part in parts))
