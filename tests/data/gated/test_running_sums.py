"""Sums that begin anew at a mark: against a sum over the numbers since."""

import pytest
import torch

from seqviz.data import running_sums


def test_every_target_is_the_sum_of_the_numbers_since_the_last_mark():
    x, y = running_sums(50, 12, torch.Generator().manual_seed(1))
    assert x.shape == (50, 12, 2)
    for numbers, marks, targets in zip(x[..., 0], x[..., 1], y, strict=True):
        for t in range(12):
            last = max(k for k in range(t + 1) if marks[k] == 1)
            assert float(targets[t]) == pytest.approx(float(numbers[last : t + 1].sum()), abs=1e-6)


def test_the_first_number_is_marked_and_of_the_others_a_fifth():
    x, _ = running_sums(500, 21, torch.Generator().manual_seed(2))
    assert (x[:, 0, 1] == 1).all()
    assert x[:, 1:, 1].unique().tolist() == [0, 1]
    assert x[:, 1:, 1].mean().item() == pytest.approx(0.2, abs=0.02)
    assert x[..., 0].abs().max().item() == pytest.approx(0.3, abs=1e-3)


def test_the_same_seed_draws_the_same_and_no_step_is_refused():
    first, again = (running_sums(2, 5, torch.Generator().manual_seed(3))[0] for _ in range(2))
    assert torch.equal(first, again)
    with pytest.raises(ValueError, match="time: expected at least 1 step, got 0"):
        running_sums(1, 0, torch.Generator())
