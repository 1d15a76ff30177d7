"""What moves is what a second run says, and exactly what the arrows allow."""

import numpy as np
import pytest
import torch

from seqviz.models import Bidirectional, GRULayer, RNNLayer, Stacked
from seqviz.traces import trace_spread

TOKENS = tuple("abcde")


def inputs():
    return torch.randn(5, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def x():
    return inputs()


def one_way():
    torch.manual_seed(0)
    return Stacked([RNNLayer(3, 4, dtype=torch.float64), GRULayer(4, 6, dtype=torch.float64)], dropout=0.5)


def both_ways():
    torch.manual_seed(0)
    sizes = [(3, 4, 5), (9, 2, 6)]
    return Stacked([Bidirectional(RNNLayer(i, a), RNNLayer(i, b)) for i, a, b in sizes]).double()


@pytest.mark.parametrize("stack", [one_way(), both_ways()])
def test_changes_are_the_distance_to_a_run_without_the_input(stack, x):
    trace = trace_spread(stack, x, TOKENS)
    stack.eval()
    assert trace.rows[0] == "input"
    for k in range(5):
        erased = x.clone()
        erased[k] = 0
        states, without = (stack.every_layer(one[None])[0] for one in (x, erased))
        moved = [torch.cat([a - b]).detach()[0] for a, b in zip(states, without, strict=True)]
        if len(trace.rows) == 5:
            moved = [moved[0][:, :4], moved[0][:, 4:], moved[1][:, :2], moved[1][:, 2:]]
        for row, expected in zip(trace.changes[k, 1:], moved, strict=True):
            np.testing.assert_allclose(row, expected.norm(dim=-1), atol=1e-12)
        np.testing.assert_allclose(trace.changes[k, 0], np.eye(5)[k] * x[k].norm().item())


def test_one_way_the_past_never_moves_in_any_layer(x):
    moved = trace_spread(one_way(), x, TOKENS).changes > 0
    k, _, t = np.indices(moved[:, 1:].shape)
    np.testing.assert_array_equal(moved[:, 1:], t >= k)


def test_both_ways_the_parts_of_the_first_layer_know_one_side_and_those_of_the_second_all(x):
    trace = trace_spread(both_ways(), x, TOKENS)
    assert trace.rows == ("input", "layer 1 →", "layer 1 ←", "layer 2 →", "layer 2 ←")
    moved = trace.changes > 0
    k, t = np.indices((5, 5))
    np.testing.assert_array_equal(moved[:, 1], t >= k)
    np.testing.assert_array_equal(moved[:, 2], t <= k)
    assert moved[:, 3:].all()


def test_the_model_stays_as_it_is(x):
    stack = one_way().float()
    trace_spread(stack, x.float(), TOKENS)
    assert stack.training
    assert {parameter.dtype for parameter in stack.parameters()} == {torch.float32}
    with pytest.raises(ValueError, match=r"x: expected shape \(time=4, input\)"):
        trace_spread(stack, x, TOKENS[:4])
