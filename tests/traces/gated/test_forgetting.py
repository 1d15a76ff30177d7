"""What networks still know, against a text that really stops there."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import GRU, LSTM
from seqviz.traces import trace_forgetting

VOCABULARY = Tokenizer.of_characters("ab,wx")
TEXT = "aab,ba"


@pytest.fixture
def networks():
    torch.manual_seed(3)
    made = {"GRU": GRU(5, 4, 5, dtype=torch.float64), "LSTM": LSTM(5, 6, 5, dtype=torch.float64)}
    for network in made.values():
        for parameter in network.parameters():
            parameter.data.mul_(3)  # so that answers differ
    return made


def test_every_share_is_that_of_a_text_that_stops_there_and_asks(networks):
    trace = trace_forgetting(networks, VOCABULARY, TEXT, ",", ("w", "x"))
    assert (trace.tokens, trace.networks, trace.answers) == (tuple(TEXT), ("GRU", "LSTM"), ("w", "x"))
    for network, shares in zip(networks.values(), trace.shares, strict=True):
        for t, share in enumerate(shares):
            read = TEXT[: t + 1] if TEXT[t] == "," else TEXT[: t + 1] + ","
            scores = network(VOCABULARY.one_hot(VOCABULARY.encode(read), torch.float64)[None])[0][0, -1]
            p = scores.softmax(-1)
            w, x = (p[VOCABULARY.tokens.index(answer)].item() for answer in "wx")
            assert share == pytest.approx(x / (w + x), rel=1e-9)
    assert np.ptp(trace.shares) > 0.1


def test_what_cannot_be_read_is_refused(networks):
    with pytest.raises(ValueError, match="'z'"):
        trace_forgetting(networks, VOCABULARY, "az", ",", ("w", "x"))
    with torch.no_grad():
        networks["GRU"].W_hy[0, 0] = float("inf")
    with pytest.raises(ValueError, match="W_hy: expected finite"):
        trace_forgetting(networks, VOCABULARY, TEXT, ",", ("w", "x"))
