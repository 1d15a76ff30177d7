"""The sums are those of a slow loop and of numpy."""

import numpy as np
import pytest
import torch

from seqviz.traces import trace_window


def test_the_sums_are_those_of_a_loop_and_of_numpy():
    x, weights = torch.randn(11, dtype=torch.float64), torch.randn(4, dtype=torch.float64)
    trace = trace_window(weights, x)
    slow = [sum(float(weights[j]) * float(x[t + j]) for j in range(4)) for t in range(8)]
    np.testing.assert_allclose(trace.outputs, slow, rtol=0, atol=1e-12)
    np.testing.assert_allclose(trace.outputs, np.correlate(x.numpy(), weights.numpy(), "valid"), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(trace.inputs, x)
    np.testing.assert_array_equal(trace.weights, weights)


def test_a_window_as_wide_as_the_sequence_has_one_place():
    assert trace_window(torch.ones(3), torch.ones(3)).outputs.tolist() == [3.0]


def test_a_sequence_shorter_than_the_window_is_refused():
    with pytest.raises(ValueError, match="expected at least 3 steps, as many as the window spans, got 2"):
        trace_window(torch.ones(3), torch.ones(2))
