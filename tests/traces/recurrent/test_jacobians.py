"""The product of Jacobians against autograd's whole derivative."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.models import RNN
from seqviz.traces import jacobian_norms, trace_jacobians, trace_linear_jacobians

TIME, INPUTS, HIDDEN = 8, 3, 5


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_every_norm_is_that_of_autograds_derivative(nonlinearity):
    torch.manual_seed(4)
    network = nn.RNN(INPUTS, HIDDEN, nonlinearity=nonlinearity, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        network.weight_hh_l0.mul_(2)
    model = RNN.from_torch(network, nn.Linear(HIDDEN, 1, dtype=torch.float64))
    x = torch.randn(TIME, INPUTS, dtype=torch.float64)
    trace = trace_jacobians(model, x)

    states = torch.cat([torch.zeros(1, HIDDEN, dtype=torch.float64), network(x[None])[0][0].detach()])
    for distance in range(1, TIME + 1):
        k = TIME - distance
        jacobian = torch.autograd.functional.jacobian(
            lambda h, k=k: network(x[None, k:], h[None, None])[1][0, 0], states[k]
        )
        expected = np.linalg.svd(jacobian.numpy(), compute_uv=False)[0]
        assert trace.norms[distance] == pytest.approx(expected, rel=1e-10)
    assert trace.norms[0] == 1

    W = network.weight_hh_l0.detach().numpy()
    assert trace.radius == pytest.approx(np.abs(np.linalg.eigvals(W)).max(), rel=1e-10)
    assert trace.largest == pytest.approx(np.linalg.svd(W, compute_uv=False)[0], rel=1e-10)


def test_without_a_nonlinearity_the_power_lies_between_radius_and_singular_value():
    torch.manual_seed(0)
    W = torch.randn(6, 6, dtype=torch.float64) / 3
    trace = trace_linear_jacobians(W, 30)
    n = np.arange(31)
    expected = [np.linalg.norm(np.linalg.matrix_power(W.numpy(), k), 2) for k in n]
    np.testing.assert_allclose(trace.norms, expected, rtol=1e-9)
    assert (trace.norms >= (1 - 1e-9) * trace.radius**n).all()
    assert (trace.norms <= (1 + 1e-9) * trace.largest**n).all()
    assert trace.largest > 1.2 * trace.radius


def test_the_slope_of_a_normal_matrix_is_the_log_of_its_radius():
    Q, _ = torch.linalg.qr(torch.randn(5, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1)))
    trace = trace_linear_jacobians(0.8 * Q, 20)
    assert trace.slope(0, 20) == pytest.approx(math.log(0.8), abs=1e-10)
    assert trace.slope(5, 9) == pytest.approx(math.log(trace.largest), abs=1e-10)


def test_the_slope_of_tanh_never_passes_that_of_the_largest_singular_value():
    torch.manual_seed(3)
    model = RNN(INPUTS, HIDDEN, 1, dtype=torch.float64)
    trace = trace_jacobians(model, torch.randn(TIME, INPUTS, dtype=torch.float64))
    assert (trace.norms <= (1 + 1e-9) * trace.largest ** np.arange(TIME + 1)).all()


def test_a_product_beyond_every_number_is_infinite_and_one_of_nothing_is_zero():
    norms = jacobian_norms(1e200 * torch.eye(2, dtype=torch.float64), torch.ones(3, 2, dtype=torch.float64))
    assert norms.tolist() == [1, 1e200, math.inf, math.inf]
    asleep = jacobian_norms(torch.eye(2, dtype=torch.float64), torch.zeros(2, 2, dtype=torch.float64))
    assert asleep.tolist() == [1, 0, 0]


def test_weights_that_are_not_numbers_are_refused():
    model = RNN(INPUTS, HIDDEN, 1)
    with torch.no_grad():
        model.W_hh[0, 0] = math.nan
    with pytest.raises(ValueError, match="W_hh"):
        trace_jacobians(model, torch.zeros(TIME, INPUTS))
