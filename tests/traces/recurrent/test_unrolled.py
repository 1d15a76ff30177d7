"""One network reads, another goes on from its last state without input."""

import numpy as np
import torch

from seqviz.data import Tokenizer
from seqviz.models import RNN
from seqviz.traces import trace_run, trace_unrolled

ALPHABET = Tokenizer.of_characters("helo")


def test_the_decoder_goes_on_from_the_last_state_and_reads_nothing():
    torch.manual_seed(2)
    encoder, decoder = (RNN(4, 5, 4, dtype=torch.float64) for _ in range(2))
    trace = trace_unrolled(encoder, decoder, ALPHABET, "hole", 3)
    reading = trace_run(encoder, ALPHABET, "hole")
    assert trace.tokens == (*"hole", "", "", "")
    np.testing.assert_array_equal(trace.states[:4], reading.states)
    h = torch.from_numpy(reading.states[-1])
    for step in range(4, 7):
        h = torch.tanh(decoder.W_hh @ h + decoder.b_h)
        np.testing.assert_allclose(trace.states[step], h.detach(), rtol=0, atol=1e-12)
        logits = decoder.W_hy @ h + decoder.b_y
        np.testing.assert_allclose(trace.logits[step], logits.detach(), rtol=0, atol=1e-12)


def test_without_answers_only_the_encoder_runs():
    torch.manual_seed(3)
    encoder = RNN(4, 5, 4)
    np.testing.assert_array_equal(
        trace_unrolled(encoder, encoder, ALPHABET, "he", 0).states, trace_run(encoder, ALPHABET, "he").states
    )
