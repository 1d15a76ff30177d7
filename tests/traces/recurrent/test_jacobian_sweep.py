"""The sweep over spectral radii against powers of matrices and autograd."""

import numpy as np
import pytest
import torch

from seqviz.models.recurrent.small_networks import two_unit_matrix
from seqviz.traces import trace_jacobian_sweep
from seqviz.traces.recurrent.jacobian_sweep import NEAR

# the sweep over spectral radii

RADII = np.array([0.0, 0.5, 1.0, 1.4])


def test_the_sweep_without_a_nonlinearity_is_the_power_of_each_matrix():
    sweep = trace_jacobian_sweep(RADII, 1.2, 9, "none")
    np.testing.assert_array_equal(sweep.largest, [1.2, 1.2, 1.2, 1.4])
    for radius, largest, norms in zip(RADII, sweep.largest, sweep.norms, strict=True):
        W = two_unit_matrix(float(radius), float(largest)).numpy()
        expected = [np.linalg.norm(np.linalg.matrix_power(W, n), 2) for n in range(10)]
        np.testing.assert_allclose(norms, expected, rtol=1e-9, atol=1e-12)


def test_the_nearest_products_are_kept_whole():
    sweep = trace_jacobian_sweep(RADII, 1.2, 20, "none")
    for radius, largest, matrix, products in zip(RADII, sweep.largest, sweep.matrices, sweep.products, strict=True):
        W = two_unit_matrix(float(radius), float(largest)).numpy()
        np.testing.assert_array_equal(matrix, W)
        powers = [np.linalg.matrix_power(W, n) for n in range(NEAR + 1)]
        np.testing.assert_allclose(products, powers, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("nonlinearity", "phi"), [("tanh", torch.tanh), ("relu", torch.relu)])
def test_the_sweep_with_one_is_autograds_derivative_of_a_network_held_at_these_inputs(nonlinearity, phi):
    steps = 6
    sweep = trace_jacobian_sweep(RADII, 3.0, steps, nonlinearity, seed=2)
    draws = torch.Generator().manual_seed(2)
    a = torch.tensor([0.3, -1.5], dtype=torch.float64) + 0.3 * (
        torch.rand(steps, 2, generator=draws, dtype=torch.float64) - 0.5
    )
    for radius, norms in zip(RADII, sweep.norms, strict=True):
        W = two_unit_matrix(float(radius), 3.0)
        h, inputs, states = torch.zeros(2, dtype=torch.float64), [], [torch.zeros(2, dtype=torch.float64)]
        for a_t in a:
            inputs.append(a_t - W @ h)
            h = phi(a_t)
            states.append(h)

        def last(h, k, W=W, inputs=inputs):
            for x_t in inputs[k:]:
                h = phi(x_t + W @ h)
            return h

        for distance in range(1, steps + 1):
            k = steps - distance
            jacobian = torch.autograd.functional.jacobian(lambda h, k=k, last=last: last(h, k), states[k])
            assert norms[distance] == pytest.approx(np.linalg.norm(jacobian.numpy(), 2), rel=1e-9, abs=1e-12)


def test_radius_zero_dies_without_tanh_and_explodes_with_it():
    assert (trace_jacobian_sweep(RADII[:1], 8.0, 10, "none").norms[0, 2:] == 0).all()
    assert trace_jacobian_sweep(RADII[:1], 8.0, 40, "tanh").norms[0, -1] > 1e12


def test_another_nonlinearity_is_refused():
    with pytest.raises(ValueError, match="expected 'none', 'tanh' or 'relu', got 'sigmoid'"):
        trace_jacobian_sweep(RADII, 1.0, 5, "sigmoid")
