"""Pooled states are those of every row alone, without its padding."""

import pytest
import torch
from torch import nn

from seqviz.models.classification.pooling import POOLINGS, both_ends, last_state, max_over_time, mean_over_time

LENGTHS = torch.tensor([5, 1, 3])
EXACTLY = {"rtol": 0, "atol": 1e-12}


@pytest.fixture
def states():
    torch.manual_seed(0)
    # below zero: a padding of zeros would be the largest
    return -1 - torch.rand(3, 5, 4, dtype=torch.float64)


def alone(name, row):
    """The same of one sequence without padding, in plain words."""
    return {
        "mean": sum(row) / len(row),
        "max": torch.stack([max(column) for column in zip(*row, strict=True)]),
        "last": row[-1],
        "both ends": torch.cat([row[-1][:2], row[0][2:]]),
    }[name]


@pytest.mark.parametrize("name", POOLINGS)
@pytest.mark.parametrize("padding", [0.0, 7.0, torch.nan, -torch.inf])
def test_padding_changes_nothing(name, padding, states):
    for row, length in enumerate(LENGTHS):
        states[row, length:] = padding
    states.requires_grad_()
    pooled = POOLINGS[name](states, LENGTHS)
    for row, length in enumerate(LENGTHS):
        torch.testing.assert_close(pooled[row], alone(name, list(states[row, :length])), **EXACTLY)
    (gradient,) = torch.autograd.grad(pooled.sum(), states)
    assert gradient.isfinite().all()
    assert all(not gradient[row, length:].any() for row, length in enumerate(LENGTHS))


@pytest.mark.parametrize("name", POOLINGS)
def test_without_lengths_every_step_is_real(name, states):
    torch.testing.assert_close(POOLINGS[name](states), POOLINGS[name](states, torch.full((3,), 5)), **EXACTLY)


def test_the_ends_are_the_final_states_of_a_packed_network_in_torch():
    torch.manual_seed(1)
    network = nn.LSTM(3, 2, batch_first=True, bidirectional=True, dtype=torch.float64)
    x = torch.randn(3, 5, 3, dtype=torch.float64)
    packed = nn.utils.rnn.pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
    output, (final, _) = network(packed)
    states, _ = nn.utils.rnn.pad_packed_sequence(output, batch_first=True)
    torch.testing.assert_close(both_ends(states, LENGTHS), torch.cat([final[0], final[1]], dim=-1), **EXACTLY)
    torch.testing.assert_close(last_state(states, LENGTHS)[:, :2], final[0], **EXACTLY)


@pytest.mark.parametrize("pool", [mean_over_time, max_over_time, last_state, both_ends])
def test_lengths_that_do_not_fit_are_refused(pool, states):
    with pytest.raises(ValueError, match=r"lengths: expected every length in 1 … 5, got \[5, 0, 3\]"):
        pool(states, torch.tensor([5, 0, 3]))
    with pytest.raises(ValueError, match=r"states: expected at least one step, got shape \(3, 0, 4\)"):
        pool(states[:, :0])


def test_two_directions_have_one_size(states):
    with pytest.raises(ValueError, match="expected two directions of one size, got 3 numbers"):
        both_ends(states[..., :3])
