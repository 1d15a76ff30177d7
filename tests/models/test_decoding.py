"""A decode step is the network's own next-token distribution, and sampling follows it."""

import pytest
import torch

from seqviz.models import GRU, LSTM, RNN
from seqviz.models.decoding import recurrent_decode_step, sample

TOKENS, HIDDEN = 4, 6
NETWORKS = {"RNN": RNN, "GRU": GRU, "LSTM": LSTM}


@pytest.fixture(params=NETWORKS)
def network(request):
    torch.manual_seed(0)
    network = NETWORKS[request.param](TOKENS, HIDDEN, TOKENS, dtype=torch.float64)
    for parameter in network.parameters():
        parameter.data.mul_(3)
    return network


def test_steps_give_the_log_probabilities_of_the_whole_network(network):
    text = torch.tensor([[0, 3, 2, 1, 1], [2, 2, 0, 3, 1]])
    logits, _ = network(torch.nn.functional.one_hot(text, TOKENS).double())
    step, state = recurrent_decode_step(network), network.start(2)
    for t, token in enumerate(text.unbind(1)):
        log_probabilities, state = step(token, state)
        torch.testing.assert_close(log_probabilities, logits[:, t].log_softmax(-1), rtol=0, atol=1e-12)


def test_what_is_sampled_is_as_likely_as_the_network_says(network):
    """Two tokens after the first: relative frequencies against the product of the two probabilities."""
    step, rows = recurrent_decode_step(network), 20_000
    first = torch.full((rows,), 1)
    drawn = sample(step, network.start(rows), first, 2, torch.Generator().manual_seed(1))
    counts = torch.zeros(TOKENS, TOKENS, dtype=torch.float64)
    counts.index_put_(tuple(drawn.T), torch.ones(rows, dtype=torch.float64), accumulate=True)
    for a in range(TOKENS):
        before, state = step(torch.tensor([1]), network.start(1))
        after, _ = step(torch.tensor([a]), state)
        expected = (before[0, a] + after[0]).exp()
        torch.testing.assert_close(counts[a] / rows, expected, rtol=0, atol=0.015)


def test_the_same_seed_draws_the_same_text(network):
    step = recurrent_decode_step(network)
    draw = [
        sample(step, network.start(3), torch.tensor([0, 1, 2]), 12, torch.Generator().manual_seed(s)) for s in (4, 4, 5)
    ]
    assert draw[0].shape == (3, 12)
    assert torch.equal(draw[0], draw[1])
    assert not torch.equal(draw[0], draw[2])


def test_a_length_of_nothing_is_refused(network):
    with pytest.raises(ValueError, match="length: expected at least 1, got 0"):
        sample(recurrent_decode_step(network), network.start(1), torch.tensor([0]), 0)
