"""What is recorded is what the models say, one token at a time, before they have read it."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import RNN, decoding, ngram
from seqviz.traces import trace_sentence

LETTERS = Tokenizer.of_characters("abc ")
TRAINING = LETTERS.encode("abc cab abba cab")


@pytest.fixture
def models():
    torch.manual_seed(0)
    network = RNN(4, 5, 4, dtype=torch.float64)
    pairs = ngram.NGram(TRAINING, 4, 2)
    return {
        "pairs": (ngram.ngram_decode_step(pairs), ngram.no_context(1)),
        "network": (decoding.recurrent_decode_step(network), network.start(1)),
    }, (pairs, network)


def test_every_token_has_the_probabilities_from_what_stands_before_it(models):
    readers, (pairs, network) = models
    trace = trace_sentence(readers, LETTERS, "cab")
    read = LETTERS.encode(" cab")
    logits, _ = network(LETTERS.one_hot(read[None], torch.float64))
    np.testing.assert_allclose(trace.probabilities["network"], logits[0, :3].softmax(-1).detach(), rtol=0, atol=1e-6)
    for t in range(3):
        expected = pairs.probabilities(read[None, : t + 1])[0]
        np.testing.assert_allclose(trace.probabilities["pairs"][t], expected, rtol=0, atol=1e-6)
    assert (trace.tokens, list(trace.places)) == (("c", "a", "b"), [2, 0, 1])


def test_bits_are_those_of_the_token_that_came(models):
    readers, (pairs, _) = models
    trace = trace_sentence(readers, LETTERS, "abba")
    read = LETTERS.encode(" abba")
    bits = [-np.log2(float(pairs.probabilities(read[None, : t + 1])[0, read[t + 1]])) for t in range(4)]
    np.testing.assert_allclose(trace.bits("pairs"), bits, rtol=1e-5)


def test_an_unknown_token_is_refused(models):
    with pytest.raises(ValueError, match="got 'x'"):
        trace_sentence(models[0], LETTERS, "xa")
