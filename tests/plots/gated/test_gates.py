"""Which cells light up, and what the picture says."""

import numpy as np
import pytest

from seqviz.plots.gated import gates
from seqviz.plots.gated.gates import Brush
from seqviz.traces.gated.records import GateTrace

FORGET = np.array([[0.9, 0.2, 0.8], [0.7, 0.9, 0.8], [0.1, 0.8, 0.75], [0.95, 0.3, 0.9]])  # 4 steps, 3 cells


@pytest.fixture
def trace() -> GateTrace:
    rng = np.random.default_rng(0)
    names = ("input", "candidate", "output", "cells", "states")
    others = {name: rng.uniform(size=FORGET.shape) for name in names}
    return GateTrace(
        tokens=tuple("a bc"), outputs=("a", "b"), forget=FORGET, probabilities=np.full((4, 2), 0.5), **others
    )


@pytest.mark.parametrize(
    ("threshold", "width", "start", "cells"),
    [(0.7, 1, 0, [0, 2]), (0.75, 2, 0, [2]), (0.71, 2, 1, [1, 2]), (0.5, 3, 3, [0, 2]), (0.96, 1, 0, [])],
)
def test_a_cell_is_lit_when_it_reaches_the_threshold_over_the_whole_span(trace, threshold, width, start, cells):
    brush = Brush(trace=trace, quantity="keeps: forget gate f_t", threshold=threshold, width=width)
    assert np.flatnonzero(gates.lit(brush, start)).tolist() == cells
    assert sorted(gates.brightest(brush, start)) == cells
    sentence = gates.describe_gates(brush, start)
    assert (f"{len(cells)} of 3 cells" if cells else "no cell") in sentence


def test_levels_are_the_share_of_lit_cells_at_each_step(trace):
    brush = Brush(trace=trace, quantity="keeps: forget gate f_t", threshold=0.7, width=1)
    np.testing.assert_allclose(gates.levels(brush, 0), [1, 1, 0.5, 1])
    assert np.isnan(
        gates.levels(Brush(trace=trace, quantity="keeps: forget gate f_t", threshold=0.96, width=1), 0)
    ).all()
    assert "all of them together at 2 other steps" in gates.describe_gates(brush, 0)


def test_every_quantity_lies_between_0_and_1(trace):
    for name in gates.QUANTITIES:
        values = Brush(trace=trace, quantity=name, threshold=0.5, width=1).values
        assert values.shape == FORGET.shape
        assert ((values >= 0) & (values <= 1)).all()
    np.testing.assert_allclose(
        Brush(trace=trace, quantity="erases: 1 − f_t", threshold=0.5, width=1).values, 1 - FORGET
    )
    np.testing.assert_allclose(
        Brush(trace=trace, quantity="holds: |tanh c_t|", threshold=0.5, width=1).values, np.abs(np.tanh(trace.cells))
    )


def test_the_picture_holds_the_curves_of_the_brightest_and_the_threshold(trace):
    brush = Brush(trace=trace, quantity="keeps: forget gate f_t", threshold=0.7, width=2)
    figure = gates.gates(brush, 1).figure
    curves = np.reshape(figure.data[1].y, (gates.BRIGHT, 5))
    np.testing.assert_allclose(curves[:2, :4], FORGET[:, [1, 2]].T)
    assert np.isnan(curves[2]).all()
    assert figure.data[2].y == (0.7, 0.7)
    assert (min(figure.data[4].x), max(figure.data[4].x)) == (1.5, 3.5)
    np.testing.assert_array_equal(figure.data[6].y, [np.nan, 2, 3])
    np.testing.assert_allclose(figure.data[3].z, FORGET.T)
