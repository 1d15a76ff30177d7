"""Sums and shares of the lattice, by adding up all paths."""

import itertools
import math

import numpy as np
import pytest
import torch

from seqviz.models.hearing.ctc import collapse
from seqviz.traces.hearing.lattice import trace_lattice

DIGITS = "00"  # labels 1, 1: the blank between them cannot be skipped


def few() -> torch.Tensor:
    """Only blanks and the digits 0 and 1 are likely enough to be enumerated."""
    numbers = torch.randn(4, 11, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    numbers[:, 3:] = -torch.inf
    return numbers.log_softmax(-1)


@pytest.mark.parametrize("digits", ["00", "01", "1"])
def test_shares_are_those_of_the_paths_that_pass(digits):
    log_p, labels = few(), tuple(int(digit) + 1 for digit in digits)
    trace = trace_lattice(log_p, digits)
    passes, total = np.zeros(trace.shares.shape), 0.0
    for path in itertools.product(range(3), repeat=4):
        if collapse(path) != labels:
            continue
        p = math.exp(sum(log_p[t, label].item() for t, label in enumerate(path)))
        total += p
        for t in range(4):
            said = len(collapse(path[: t + 1]))
            passes[2 * said - 1 if path[t] else 2 * said, t] += p
    assert trace.log_probability == pytest.approx(math.log(total))
    np.testing.assert_allclose(trace.shares, passes / total, atol=1e-12)


def test_it_says_states_and_the_best_path():
    log_p = torch.full((3, 11), -9.0, dtype=torch.float64)
    log_p[[0, 1, 2], [1, 0, 10]] = 0
    trace = trace_lattice(log_p, "09", "share of all paths")
    assert (trace.states, trace.best_path, trace.shown) == ("-0-9-", "0-9", "share of all paths")
    assert trace.log_sums.shape == (5, 3)
    assert np.isneginf(trace.log_sums[2:, 0]).all()


@pytest.mark.parametrize(
    ("digits", "message"), [("", "expected digits"), ("1a", "expected digits"), ("111", "4 frames")]
)
def test_what_cannot_be_said_is_refused(digits, message):
    with pytest.raises(ValueError, match=message):
        trace_lattice(few(), digits)
