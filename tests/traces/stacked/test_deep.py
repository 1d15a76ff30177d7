"""The inside of a stack: against torch's own, and against itself: what is recorded adds up."""

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.models import Bidirectional, RNNLayer, Stacked, stacked_from_torch
from seqviz.traces import trace_deep

TEXT = "abcab"


def test_states_are_those_of_torch_and_add_up():
    torch.manual_seed(3)
    network = nn.RNN(2, 4, num_layers=3, dtype=torch.float64, dropout=0.5)
    stack, x, unit = stacked_from_torch(network), torch.randn(5, 2, dtype=torch.float64), 3
    trace = trace_deep(stack, x, TEXT, unit)
    with torch.no_grad():
        top = network.eval()(x)[0]
        every = [states[0] for states in stack.eval().every_layer(x[None])[0]]
    np.testing.assert_allclose(trace.states[-1], top[:, unit], atol=1e-12)
    np.testing.assert_allclose(np.tanh(trace.sums.sum(-1)), trace.states, atol=1e-12)
    np.testing.assert_allclose(trace.sums[1, :, 0], every[0] @ stack.layers[1].W_x.detach()[unit], atol=1e-12)
    assert not trace.sums[:, 0, 1].any()  # every layer begins at zero


def test_what_is_no_stack_of_plain_layers_or_has_too_few_tokens_is_refused():
    both = Stacked([Bidirectional(RNNLayer(2, 3), RNNLayer(2, 3))])
    with pytest.raises(ValueError, match="expected an RNNLayer, got a Bidirectional"):
        trace_deep(both, torch.zeros(5, 2), TEXT, 0)
    with pytest.raises(ValueError, match="x: expected"):
        trace_deep(Stacked([RNNLayer(2, 3)]), torch.zeros(4, 2), TEXT, 0)
