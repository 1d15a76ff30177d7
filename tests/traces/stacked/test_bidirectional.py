"""The inside of a tagger of both directions: against the tagger, and torch's own network."""

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.data import Tokenizer
from seqviz.models import Bidirectional, RNNLayer, Tagger
from seqviz.traces import trace_bidirectional

LETTERS, TAGS, TEXT = Tokenizer.of_characters("abc"), ("O", "one", "two", "three"), "abcab"
AHEAD, BACK = 5, 4


@pytest.fixture
def tagger():
    torch.manual_seed(2)
    layers = RNNLayer(3, AHEAD, dtype=torch.float64), RNNLayer(3, BACK, dtype=torch.float64)
    made = Tagger(Bidirectional(*layers), AHEAD + BACK, len(TAGS), dtype=torch.float64)
    for parameter in made.parameters():
        parameter.data.mul_(2)
    nn.init.normal_(made.b_y)
    return made


def states(layer, x):
    """Let torch read x with the layer's weights."""
    network = nn.RNN(3, len(layer.b), dtype=torch.float64)
    with torch.no_grad():
        pairs = (("ih_l0", layer.W_x), ("hh_l0", layer.W_h))
        for name, W in pairs:
            getattr(network, f"weight_{name}").copy_(W)
        network.bias_ih_l0.copy_(layer.b)
        network.bias_hh_l0.zero_()
        return network(x)[0]


@pytest.mark.parametrize("unit", [0, 3])
def test_states_are_those_of_torch_and_add_up(tagger, unit):
    trace = trace_bidirectional(tagger, LETTERS, TAGS, TEXT, unit)
    x = torch.eye(3, dtype=torch.float64)[["abc".index(letter) for letter in TEXT]]
    both = tagger.layer
    expected = [states(both.forward_layer, x), states(both.backward_layer.layer, x.flip(0)).flip(0)]
    np.testing.assert_allclose(trace.states, [one[:, unit] for one in expected], atol=1e-12)
    np.testing.assert_allclose(np.tanh(trace.sums.sum(-1)), trace.states, atol=1e-12)
    assert (trace.sums[0, 0, 1], trace.sums[1, -1, 1]) == (0, 0)  # both walks begin at zero, each at its own end
    W_hh = both.backward_layer.layer.W_h.detach()[unit]
    np.testing.assert_allclose(trace.sums[1, :-1, 1], expected[1][1:] @ W_hh, atol=1e-12)


def test_scores_and_answers_are_the_taggers(tagger):
    trace = trace_bidirectional(tagger, LETTERS, TAGS, TEXT, 1)
    with torch.no_grad():
        logits = tagger(LETTERS.one_hot(LETTERS.encode(TEXT), torch.float64)[None])[0]
    best = logits.argmax(-1)
    assert trace.answers == tuple(TAGS[i] for i in best)
    assert len(set(trace.answers)) > 1
    np.testing.assert_allclose(trace.scores.sum(-1), logits.max(-1).values, atol=1e-12)
    np.testing.assert_allclose(trace.scores[:, 2], tagger.b_y.detach()[best], atol=0)
    np.testing.assert_allclose(trace.probabilities, logits.softmax(-1).max(-1).values, atol=1e-12)


def test_a_tagger_of_one_direction_is_refused():
    with pytest.raises(ValueError, match="expected a tagger of both directions, got one of a RNNLayer"):
        trace_bidirectional(Tagger(RNNLayer(3, 4), 4, 4), LETTERS, TAGS, TEXT, 0)
