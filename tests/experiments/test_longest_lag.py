"""The longest lag: every variant answers as its model does, and what counts as learnt."""

import math

import pytest
import torch

from experiments import longest_lag
from experiments.longest_lag import VARIANTS, Sizes, climb, error, last_answer, last_answer_in_chunks, longest

SMALL = Sizes(steps=3, batch=4, hidden=5, test_sequences=20)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_trains_and_is_tested_on_fresh_sequences(name):
    found = error(VARIANTS[name], 12, 0, SMALL)
    assert 0 < found < math.inf
    assert found == error(VARIANTS[name], 12, 0, SMALL)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_the_quick_ways_answer_as_the_model_does(nonlinearity):
    torch.manual_seed(1)
    model = longest_lag.RNN(2, 5, 1, nonlinearity)
    x = torch.rand(3, 23, 2)
    expected = model(x)[0][:, -1, 0]
    torch.testing.assert_close(last_answer(model, x), expected)
    torch.testing.assert_close(last_answer_in_chunks(model, x), expected)


def test_cut_after_so_many_steps_nothing_comes_from_before():
    torch.manual_seed(1)
    model = longest_lag.RNN(2, 5, 1)
    x = torch.rand(3, 23, 2, requires_grad=True)
    last_answer_in_chunks(model, x).sum().backward()
    assert x.grad is not None
    reached = x.grad.abs().sum((0, 2)) > 0
    assert reached.tolist() == [False] * 20 + [True] * 3


def test_a_seed_has_reached_what_it_learnt_without_a_gap():
    errors = {10: [0.01, 0.01, 0.3], 20: [0.01, 0.3, 0.01], 30: [0.04, 0.01, 0.01]}
    assert longest(errors) == [30, 10, 0]


def test_the_climb_stops_when_nobody_learns_two_lengths_in_a_row(monkeypatch):
    learnt = {10: 0.01, 20: 0.2, 30: 0.01, 40: 0.2, 50: math.inf, 75: 0.01}
    monkeypatch.setattr(longest_lag, "error", lambda _variant, time, seed, _sizes: learnt[time] + seed)
    errors = climb(VARIANTS["tanh"], 2, SMALL, tuple(learnt))
    assert list(errors) == [10, 20, 30, 40, 50]
    assert errors[10] == [0.01, 1.01]


def test_a_training_that_meets_a_loss_of_nan_has_an_infinite_error(monkeypatch):
    def fails(*_args, **_kwargs):
        raise FloatingPointError("step 2")

    monkeypatch.setattr(longest_lag, "train", fails)
    assert error(VARIANTS["tanh"], 12, 0, SMALL) == math.inf
