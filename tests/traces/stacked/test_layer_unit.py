"""The terms of one unit of a plain layer: against a slow loop."""

import math

import pytest
import torch

from seqviz.models import GRULayer, RNNLayer
from seqviz.traces.stacked.layer_unit import trace_layer_unit


@pytest.fixture
def layer():
    torch.manual_seed(1)
    return RNNLayer(3, 5, dtype=torch.float64)


def test_states_and_terms_are_those_of_a_slow_loop(layer):
    x, unit = torch.randn(4, 3, dtype=torch.float64), 2
    states, sums = trace_layer_unit(layer, x, unit)
    W_x, W_h, b = layer.W_x.tolist(), layer.W_h.tolist(), layer.b.tolist()
    h = [0.0] * 5
    for t, x_t in enumerate(x.tolist()):
        from_x = [sum(w * v for w, v in zip(row, x_t, strict=True)) for row in W_x]
        from_h = [sum(w * v for w, v in zip(row, h, strict=True)) for row in W_h]
        assert sums[t].tolist() == pytest.approx([from_x[unit], from_h[unit], b[unit]], abs=1e-12)
        h = [math.tanh(sum(terms)) for terms in zip(from_x, from_h, b, strict=True)]
        assert states[t].tolist() == pytest.approx(h, abs=1e-12)


def test_what_is_no_plain_layer_and_what_has_no_such_unit_is_refused(layer):
    x = torch.zeros(2, 3, dtype=torch.float64)
    with pytest.raises(ValueError, match="expected an RNNLayer, got a GRULayer"):
        trace_layer_unit(GRULayer(3, 5), x, 0)
    with pytest.raises(ValueError, match=r"unit: expected 0 … 4, got 5"):
        trace_layer_unit(layer, x, 5)
    layer.W_h.data[0, 0] = math.nan
    with pytest.raises(ValueError, match="W_h"):
        trace_layer_unit(layer, x, 0)
