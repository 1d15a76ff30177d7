"""The derivative of a cell, against autograd."""

import numpy as np
import pytest
import torch
from torch import Tensor

from seqviz.data import PROSE_ALPHABET
from seqviz.models import LSTM
from seqviz.traces import trace_cell_jacobians
from tests.traces.gated.slow_lstm import HIDDEN, TEXT, slow_loop


def test_the_whole_derivative_of_a_cell_is_autograds(model):
    x = PROSE_ALPHABET.one_hot(PROSE_ALPHABET.encode(TEXT), torch.float64)
    trace = trace_cell_jacobians(model, x)
    free = slow_loop(model, TEXT, {})

    def last_cell(c_k: Tensor, k: int) -> Tensor:
        shown = torch.from_numpy(free["o"][k])
        h, c = shown * torch.tanh(c_k), c_k
        for t in range(k + 1, len(x)):
            a = dict(zip(model.gates, (model.W_x @ x[t] + model.W_h @ h + model.b).split(HIDDEN), strict=True))
            kept = torch.sigmoid(a["f"]) * c if "f" in a else c
            c = kept + torch.sigmoid(a["i"]) * torch.tanh(a["g"])
            h = torch.sigmoid(a["o"]) * torch.tanh(c) if "o" in a else torch.tanh(c)
        return c

    for k in range(len(x)):
        jacobian = torch.autograd.functional.jacobian(lambda c, k=k: last_cell(c, k), torch.from_numpy(free["c"][k]))
        assert trace.whole[len(x) - 1 - k] == pytest.approx(torch.linalg.svdvals(jacobian)[0].item(), abs=1e-10)
        assert trace.direct[len(x) - 1 - k] == pytest.approx(free["f"][k + 1 :].prod(0).max(), abs=1e-12)


def test_without_a_forget_gate_the_direct_path_is_one():
    torch.manual_seed(3)
    model = LSTM(len(PROSE_ALPHABET), HIDDEN, len(PROSE_ALPHABET), "igo")
    trace = trace_cell_jacobians(model, PROSE_ALPHABET.one_hot(PROSE_ALPHABET.encode(TEXT)))
    np.testing.assert_array_equal(trace.direct, np.ones(len(TEXT)))
