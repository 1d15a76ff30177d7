"""Products of Jacobians: the curves beside their bounds, number by number."""

import math

import numpy as np
import pytest

from seqviz.plots import jacobians as plots
from seqviz.plots.patch import patched
from seqviz.traces.records import JacobianSweep, JacobianTrace

NAN = np.nan
RADII, LARGEST = np.array([0.0, 0.5, 1.2]), np.array([2.0, 0.5, 2.0])
NORMS = np.array([[1, 2, 0, 0, 0], [1, 0.5, 0.25, 0.125, 0.0625], [1, 1.9, 3.1, 2.4, math.inf]])
SWEEP = JacobianSweep("tanh", RADII, LARGEST, NORMS)


@pytest.mark.parametrize("selection", range(3))
def test_the_three_curves_are_the_norms_and_the_powers_of_both_numbers(selection):
    figure = plots.plot_jacobian_sweep(SWEEP, selection)
    measured, largest, radius = figure.data
    expected = [norm if 0 < norm < math.inf else NAN for norm in NORMS[selection]]
    np.testing.assert_array_equal(np.array(measured.y, dtype=float), expected)
    np.testing.assert_allclose(largest.y, [1, LARGEST[selection] ** 4])
    np.testing.assert_allclose(radius.y, [1, RADII[selection] ** 4 if selection else NAN])
    assert list(largest.x) == [0, 4]
    assert list(radius.x) == [0, 4 if selection else 0]
    again = patched(plots.sweep_figure(SWEEP), plots.sweep_patch(SWEEP, selection))
    assert again.to_json() == figure.to_json()


def test_the_axes_stay_while_the_sliders_move():
    figure = plots.sweep_figure(SWEEP)
    assert figure.layout.yaxis.type == "log"
    assert tuple(figure.layout.yaxis.range) == plots.DECADES
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
    hump = JacobianSweep("none", RADII[:1], LARGEST[:1], np.array([[1, 1.9, 3.1, 2.4, 1e-5]]))
    assert plots.describe_jacobian_sweep(hump, 0).endswith(
        "1.90 one step back and 1e−05 after 4, at its largest, 3.10, after 2."
    )


# several networks side by side

n = np.arange(7)
TRACES = {
    "level": JacobianTrace(0.9, 0.9, 0.9**n),
    "a hump": JacobianTrace(0.5, 1.5, np.array([1, 1.5, 2, 1, *[0] * 3])),
}


def test_each_network_has_its_curves_in_its_own_axes():
    figure = plots.plot_jacobians(TRACES)
    assert [trace.yaxis for trace in figure.data] == ["y"] * 3 + ["y2"] * 3
    np.testing.assert_allclose(np.array(figure.data[0].y, dtype=float), 0.9**n)
    np.testing.assert_array_equal(np.array(figure.data[3].y, dtype=float), [1, 1.5, 2, 1, NAN, NAN, NAN])
    np.testing.assert_allclose(np.array(figure.data[4].y, dtype=float), 1.5**n)
    np.testing.assert_allclose(np.array(figure.data[5].y, dtype=float), 0.5**n)
    assert [annotation.text for annotation in figure.layout.annotations] == ["level", "a hump"]
    assert [trace.showlegend for trace in figure.data] == [True] * 3 + [False] * 3
    assert figure.layout.xaxis2.title.text == figure.layout.xaxis.title.text
    assert figure.layout.yaxis2.title.text is None
    assert figure.layout.yaxis2.gridcolor == figure.layout.yaxis.gridcolor


def test_the_axes_hold_every_measured_number_and_are_the_same_for_all():
    figure = plots.plot_jacobians(TRACES)
    low, high = figure.layout.yaxis.range
    assert figure.layout.yaxis2.range == (low, high)
    assert low <= math.log10(0.9**6) - 0.9
    assert high >= math.log10(2)
    one_thousand = {"far": JacobianTrace(0.1, 0.1, 0.1 ** np.arange(40.0))}
    assert plots.plot_jacobians(one_thousand).layout.yaxis.range[0] == plots.DECADES[0]


def test_the_sentence_measures_the_factor_where_there_is_one():
    assert plots.describe_jacobians(TRACES) == (
        "level: spectral radius 0.90, largest singular value 0.90, measured factor per step 0.90; after 6 steps 0.53. "
        "a hump: spectral radius 0.50, largest singular value 1.50; after 6 steps exactly 0."
    )
