"""Products of Jacobians of several networks side by side."""

import math

import numpy as np

from seqviz.plots.recurrent import jacobians as plots
from seqviz.traces.recurrent.records import JacobianTrace

NAN = np.nan
n = np.arange(7)
TRACES = {
    "level": JacobianTrace(0.9, 0.9, 0.9**n),
    "a hump": JacobianTrace(0.5, 1.5, np.array([1, 1.5, 2, 1, *[0] * 3])),
}


def test_each_network_has_its_curves_in_its_own_axes():
    figure = plots.jacobians_figure(TRACES)
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
    figure = plots.jacobians_figure(TRACES)
    low, high = figure.layout.yaxis.range
    assert figure.layout.yaxis2.range == (low, high)
    assert low <= math.log10(0.9**6) - 0.9
    assert high >= math.log10(2)
    one_thousand = {"far": JacobianTrace(0.1, 0.1, 0.1 ** np.arange(40.0))}
    assert plots.jacobians_figure(one_thousand).layout.yaxis.range[0] == plots.DECADES[0]


def test_the_sentence_measures_the_factor_where_there_is_one():
    assert plots.describe_jacobians(TRACES) == (
        "level: spectral radius 0.90, largest singular value 0.90, measured factor per step 0.90; after 6 steps 0.53. "
        "a hump: spectral radius 0.50, largest singular value 1.50; after 6 steps exactly 0."
    )
