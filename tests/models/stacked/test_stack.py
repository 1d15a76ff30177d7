"""A stack against the loop over layers; dropout by what a layer is given. Parity with torch is in test_from_torch."""

import pytest
import torch
from torch import nn

from seqviz.models.stacked.recurrent_layers import GRULayer, RNNLayer
from seqviz.models.stacked.stack import Stacked


class Spy(nn.Module):
    """A layer that remembers what it was given and hands on a constant."""

    def __init__(self, value):
        super().__init__()
        self.value, self.given = value, []

    def forward(self, x, initial=None, lengths=None):
        self.given.append((x, initial, lengths))
        return torch.full_like(x, self.value), self.value


def test_every_layer_reads_the_states_of_the_one_below_it():
    torch.manual_seed(0)
    layers = [RNNLayer(3, 5, dtype=torch.float64), GRULayer(5, 4, dtype=torch.float64)]
    x = torch.randn(2, 6, 3, dtype=torch.float64)
    states, final = Stacked(layers).every_layer(x)
    a_1 = torch.zeros(2, 5, dtype=torch.float64)
    for t in range(6):
        a_1 = torch.tanh(x[:, t] @ layers[0].W_x.T + a_1 @ layers[0].W_h.T + layers[0].b)
        torch.testing.assert_close(states[0][:, t], a_1, rtol=0, atol=1e-12)
    torch.testing.assert_close(states[1], layers[1](states[0])[0], rtol=0, atol=0)
    torch.testing.assert_close(final[1], states[1][:, -1], rtol=0, atol=0)


def test_dropout_thins_only_what_lies_between_layers_and_only_in_training():
    torch.manual_seed(1)
    spies = [Spy(2.0), Spy(3.0), Spy(4.0)]
    stack = Stacked(spies, dropout=0.25)
    x = torch.ones(20, 30, 10)
    states, _ = stack(x)
    assert torch.equal(spies[0].given[0][0], x), "the input is not thinned"
    assert torch.equal(states, torch.full_like(x, 4.0)), "nor is the result"
    for spy, below in zip(spies[1:], (2.0, 3.0), strict=True):
        given = spy.given[0][0]
        assert given.unique().tolist() == pytest.approx([0.0, below / 0.75])
        assert abs((given == 0).float().mean() - 0.25) < 0.02
        assert (given == 0).any(0).float().mean() > 0.9, "every row, step and unit has a draw of its own"
    assert not torch.equal(spies[1].given[0][0] == 0, spies[2].given[0][0] == 0)
    stack.eval()
    stack(x)
    assert torch.equal(spies[1].given[1][0], torch.full_like(x, 2.0))


def test_initial_states_and_lengths_go_to_their_layers():
    spies, lengths = [Spy(1.0), Spy(2.0)], torch.tensor([1, 2])
    _, final = Stacked(spies)(torch.ones(2, 3, 4), ["low", "high"], lengths)
    assert [spy.given[0][1] for spy in spies] == ["low", "high"]
    assert all(spy.given[0][2] is lengths for spy in spies)
    assert final == (1.0, 2.0)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="layers: expected at least one, got none"):
        Stacked([])
    for dropout in (-0.1, 1.0):
        with pytest.raises(ValueError, match="dropout: expected a probability"):
            Stacked([Spy(1.0)], dropout)
    with pytest.raises(ValueError, match="initial: expected one entry per layer, 2 in all, got 1"):
        Stacked([Spy(1.0), Spy(1.0)])(torch.ones(2, 3, 4), [None])
