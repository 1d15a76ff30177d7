"""Both ways of a gradient through the cell are drawn and said."""

import numpy as np

from seqviz.plots.gated.cell_jacobians import cell_jacobians_figure, describe_cell_jacobians
from seqviz.traces.gated.records import CellJacobianTrace


def test_both_ways_are_drawn_and_said():
    traces = {"bias 1": CellJacobianTrace(np.array([1, 0.5, 0.0]), np.array([1, 0.7, 0.6]))}
    figure = cell_jacobians_figure(traces)
    assert [line.name for line in figure.data] == ["bias 1, all paths", "bias 1, direct path"]
    np.testing.assert_allclose(figure.data[0].y, [1, 0.7, 0.6])
    np.testing.assert_array_equal(figure.data[1].y, [1, 0.5, np.nan])
    assert describe_cell_jacobians(traces) == ("bias 1: 2 steps back, 0.0e+00 on the direct path and 6.0e−01 on all.")
