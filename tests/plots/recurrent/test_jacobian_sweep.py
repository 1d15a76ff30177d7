"""Products of Jacobians of two units: the curves beside their bounds, number by number."""

import math

import numpy as np
import pytest

from seqviz.plots.recurrent import jacobian_sweep as plots
from seqviz.traces.recurrent.jacobian_sweep import trace_jacobian_sweep
from seqviz.traces.recurrent.records import JacobianSweep

NAN = np.nan
RADII, LARGEST = np.array([0.0, 0.5, 1.2]), np.array([2.0, 0.5, 2.0])
NORMS = np.array([[1, 2, 0, 0, 0], [1, 0.5, 0.25, 0.125, 0.0625], [1, 1.9, 3.1, 2.4, math.inf]])
MATRICES = np.random.default_rng(1).normal(size=(3, 2, 2))
PRODUCTS = np.random.default_rng(2).normal(size=(3, 4, 2, 2))
SWEEP = JacobianSweep(
    nonlinearity="tanh", radii=RADII, largest=LARGEST, norms=NORMS, matrices=MATRICES, products=PRODUCTS
)


@pytest.mark.parametrize("selection", range(3))
def test_the_three_curves_are_the_norms_and_the_powers_of_both_numbers(selection):
    figure = plots.jacobian_sweep(SWEEP, selection).figure
    measured, largest, radius, *_ = figure.data
    expected = [norm if 0 < norm < math.inf else NAN for norm in NORMS[selection]]
    np.testing.assert_array_equal(np.array(measured.y, dtype=float), expected)
    np.testing.assert_allclose(largest.y, [1, LARGEST[selection] ** 4])
    np.testing.assert_allclose(radius.y, [1, RADII[selection] ** 4 if selection else NAN])
    assert list(largest.x) == [0, 4]
    assert list(radius.x) == [0, 4 if selection else 0]


@pytest.mark.parametrize("selection", range(3))
def test_every_product_makes_an_ellipse_of_the_circle(selection):
    _, _, _, at, earlier, now, longest, eigenvector = plots.jacobian_sweep(SWEEP, selection).figure.data
    drawn = np.array([earlier.x, earlier.y], dtype=float).reshape(2, 4, plots.ON_ELLIPSE)
    assert np.isnan(drawn[:, :, -1]).all()
    for ellipse, product in zip(drawn.transpose(1, 0, 2), PRODUCTS[selection], strict=True):
        back = np.linalg.inv(product) @ ellipse[:, :-1]
        np.testing.assert_allclose(np.linalg.norm(back, axis=0), 1)
        np.testing.assert_allclose(back[:, 0], back[:, -1], atol=1e-9)  # closed
    np.testing.assert_array_equal([now.x, now.y], drawn[:, -1])
    # the last of them is the one that is marked on the curve
    assert (list(at.x), list(at.y)) == (
        [3],
        [NORMS[selection, 3] if NORMS[selection, 3] else pytest.approx(NAN, nan_ok=True)],
    )
    W = MATRICES[selection]
    end = np.array([longest.x[1], longest.y[1]])
    assert np.linalg.norm(end) == pytest.approx(np.linalg.norm(W, 2))
    assert np.linalg.norm(np.linalg.inv(W) @ end) == pytest.approx(1)
    np.testing.assert_allclose([eigenvector.x[1], eigenvector.y[1]], W.sum(1) / math.sqrt(2))


def test_the_line_of_the_eigenvector_is_as_long_as_the_radius():
    sweep = trace_jacobian_sweep(np.array([0.7, 1.2]), 2.0, 5, "none")
    for radius, selection in ((0.7, 0), (1.2, 1)):
        longest, eigenvector = plots.half_axes(sweep, selection)
        assert np.linalg.norm(longest) == pytest.approx(2)
        assert np.linalg.norm(eigenvector) == pytest.approx(radius)


@pytest.mark.parametrize("largest", [1.0, 2.0])
def test_the_measured_curves_fill_the_axis_from_end_to_end(largest: float):
    sweep = trace_jacobian_sweep(np.array([0.5, 1.5]), largest, 20, "none")
    decades = np.log10(sweep.norms)
    low, high = plots.decades(sweep)
    assert low <= decades.min() < low + 2
    assert high - 2 < decades.max() <= high


def test_the_axes_stay_while_the_sliders_move():
    figure = plots.jacobian_sweep_figure(SWEEP)
    assert figure.layout.yaxis.type == "log"
    assert tuple(figure.layout.yaxis.range) == plots.decades(SWEEP)
    assert tuple(figure.layout.xaxis.range) == (-0.5, 4.5)


def test_powers_that_no_number_holds_leave_a_gap():
    distances = np.array([0, 1, 400])
    np.testing.assert_array_equal(plots.power(10.0, distances), [1, 10, NAN])
    np.testing.assert_array_equal(plots.power(0.0, distances), [1, NAN, NAN])


@pytest.mark.parametrize("base", [8.0, 0.01, 1.5, 1.0])
def test_a_line_ends_off_the_axis_and_before_float32_does(base):
    (first, last), (start, end) = plots.power_line(base, 60)
    assert (first, start) == (0, 1)
    assert end == pytest.approx(base**last)
    assert last == 60 or abs(math.log10(end)) > plots.DECADES[1] + 1
    assert 1e-38 < end < 1e38
    assert np.isfinite(np.float32(end))


def test_the_sentence_says_both_numbers_and_the_course():
    assert plots.describe_jacobian_sweep(SWEEP, 0) == (
        "Spectral radius 0.00, largest singular value 2.00: W_hh is not normal. "
        "‖∂h_T/∂h_k‖ is 2.00 one step back and exactly 0 after 4."
    )
    assert plots.describe_jacobian_sweep(SWEEP, 1).startswith(
        "Spectral radius 0.50, largest singular value 0.50: W_hh is normal. ‖∂h_T/∂h_k‖ is 0.50 one"
    )
    hump = JacobianSweep(
        nonlinearity="none",
        radii=RADII[:1],
        largest=LARGEST[:1],
        norms=np.array([[1, 1.9, 3.1, 2.4, 1e-5]]),
        matrices=MATRICES[:1],
        products=PRODUCTS[:1],
    )
    assert plots.describe_jacobian_sweep(hump, 0).endswith(
        "1.90 one step back and 1e−05 after 4, at its largest, 3.10, after 2."
    )
