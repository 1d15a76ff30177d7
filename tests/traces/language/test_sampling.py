"""The record holds the adjusted probabilities from the likeliest down, and the token that the number falls on."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import RNN, decoding
from seqviz.models.sampling import adjust, pick
from seqviz.traces import trace_sampling

LETTERS = Tokenizer.of_characters("abcde")


@pytest.fixture
def network():
    torch.manual_seed(1)
    network = RNN(5, 4, 5, dtype=torch.float64)
    with torch.no_grad():
        network.W_hy *= 6
    return network


@pytest.mark.parametrize("cut", [{}, {"top_k": 2}, {"top_p": 0.6}])
def test_every_temperature_has_its_probabilities_and_its_draw(network, cut):
    temperatures = (0.3, 1.0, 2.0)
    reader = (decoding.recurrent_decode_step(network), network.start(1))
    trace = trace_sampling(reader, LETTERS, "abe", 0.55, temperatures=temperatures, **cut)
    logits, _ = network(LETTERS.one_hot(LETTERS.encode("abe")[None], torch.float64))
    log_p = logits[:, -1].log_softmax(-1)
    places = [LETTERS.tokens.index(output) for output in trace.outputs]
    np.testing.assert_allclose(trace.expected, log_p.exp()[0, places].detach(), rtol=1e-5)
    assert list(trace.expected) == sorted(trace.expected, reverse=True)
    for row, temperature in enumerate(temperatures):
        p = adjust(log_p, temperature, **cut)
        np.testing.assert_allclose(trace.probabilities[row], p[0, places].detach(), rtol=1e-5, atol=1e-7)
        drawn = int(pick(p, torch.tensor([0.55], dtype=torch.float64)))
        assert trace.outputs[trace.drawn[row]] == LETTERS.tokens[drawn]
    np.testing.assert_array_equal(trace.temperatures, temperatures)
