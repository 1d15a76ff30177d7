"""Let torch pack a batch, and record where each entry came from."""

from collections.abc import Sequence

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

from seqviz.traces.reading import to_numpy
from seqviz.traces.stacked.records import PackingTrace


def trace_packing(sequences: Sequence[Sequence[str]]) -> PackingTrace:
    """Record which step of which sequence stands at each place of packed data, and torch's batch sizes.

    where a sequence is a text, letter by letter, or a list of tokens; their places, and not the tokens, are packed.

    Raises ValueError when there is no sequence or one of them is empty.
    """
    if not sequences or not all(len(tokens) for tokens in sequences):
        raise ValueError(f"expected one or more sequences, none of them empty, got {list(sequences)}")
    places = [torch.tensor([(row, step) for step in range(len(one))]) for row, one in enumerate(sequences)]
    lengths = torch.tensor([len(tokens) for tokens in sequences])
    packed = pack_padded_sequence(pad_sequence(places, batch_first=True), lengths, True, enforce_sorted=False)
    rows, steps = packed.data.T
    return PackingTrace(tuple(map(tuple, sequences)), to_numpy(rows), to_numpy(steps), to_numpy(packed.batch_sizes))
