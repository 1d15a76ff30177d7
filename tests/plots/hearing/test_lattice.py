"""The lattice shows sums or shares, nothing where no path can be, and the frame in focus."""

import numpy as np
import pytest
import torch

from seqviz.plots.hearing.lattice import DEEPEST, at_frame, describe_lattice, heights, lattice
from seqviz.traces.hearing.lattice import trace_lattice


def trace(shown="forward sums"):
    log_p = torch.randn(7, 11, dtype=torch.float64, generator=torch.Generator().manual_seed(1)).log_softmax(-1)
    return trace_lattice(log_p, "33", shown)


def drawn(shown, frame=0):
    return {one.uid: one for one in lattice(trace(shown), frame).figure.data}


def test_sums_are_powers_of_ten_and_empty_where_nobody_can_be():
    found, z = trace(), heights(trace())
    assert z.shape == (5, 7)
    can = ~np.isneginf(found.log_sums)
    np.testing.assert_allclose(
        10 ** z[can], np.maximum(np.exp(found.log_sums[can]), np.exp(found.log_probability) * 10**DEEPEST)
    )
    assert np.isnan(z[~can]).all()
    assert np.isnan(z[2:, 0]).all()
    np.testing.assert_allclose(drawn("forward sums")["lattice"].z, z)


def test_shares_are_those_of_the_trace():
    found = trace("share of all paths")
    shown = drawn("share of all paths", 3)
    np.testing.assert_allclose(np.nan_to_num(np.asarray(shown["lattice"].z)), found.shares)
    np.testing.assert_allclose(shown["share"].x, found.shares[:, 3])
    assert shown["frame"].x[:2] == (3.5, 4.5)


@pytest.mark.parametrize("frame", [0, 4])
def test_at_a_frame_the_sums_are_shares_of_each_other(frame):
    found = trace()
    sums = np.exp(found.log_sums[:, frame])
    np.testing.assert_allclose(at_frame(found, frame), sums / sums.sum())


def test_the_sentence_names_the_state_and_the_probability():
    found = trace()
    state = int(at_frame(found, 2).argmax())
    sign = found.states[state]
    told = describe_lattice(found, 2)
    assert told.startswith("Frame 3 of 7: ")
    assert f"in state {state + 1} of 5, {'the blank' if sign == '-' else f'“{sign}”'}." in told
    assert found.log_probability < np.log(0.001)
    power = f"{found.log_probability / np.log(10):.1f}".replace("-", "−")
    assert f"“33” has the probability 10 to the power of {power};" in told
    assert told.endswith(f"the best path says “{found.best_path}”.")


def test_a_probability_that_is_not_small_is_a_percentage():
    certain = torch.full((3, 11), -20.0, dtype=torch.float64)
    certain[[0, 1, 2], [4, 0, 0]] = 0.0  # "3", and two blanks
    assert "“3” has the probability 100.0%;" in describe_lattice(trace_lattice(certain.log_softmax(-1), "3"), 0)
