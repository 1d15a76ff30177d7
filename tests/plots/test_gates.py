"""Which cells light up, and what the pictures say."""

import math

import numpy as np
import pytest

from seqviz.plots import gates
from seqviz.plots.gates import Brush
from seqviz.plots.patch import patched
from seqviz.traces.records import ClampTrace, GateTrace

FORGET = np.array([[0.9, 0.2, 0.8], [0.7, 0.9, 0.8], [0.1, 0.8, 0.75], [0.95, 0.3, 0.9]])  # 4 steps, 3 cells


@pytest.fixture
def trace() -> GateTrace:
    rng = np.random.default_rng(0)
    others = [rng.uniform(size=FORGET.shape) for _ in range(5)]
    return GateTrace(tuple("a bc"), ("a", "b"), FORGET, *others, np.full((4, 2), 0.5))


@pytest.mark.parametrize(
    ("threshold", "width", "start", "cells"),
    [(0.7, 1, 0, [0, 2]), (0.75, 2, 0, [2]), (0.71, 2, 1, [1, 2]), (0.5, 3, 3, [0, 2]), (0.96, 1, 0, [])],
)
def test_a_cell_is_lit_when_it_reaches_the_threshold_over_the_whole_span(trace, threshold, width, start, cells):
    brush = Brush(trace, "keeps: forget gate f_t", threshold, width)
    assert np.flatnonzero(gates.lit(brush, start)).tolist() == cells
    assert sorted(gates.brightest(brush, start)) == cells
    sentence = gates.describe_gates(brush, start)
    assert (f"{len(cells)} of 3 cells" if cells else "no cell") in sentence


def test_levels_are_the_share_of_lit_cells_at_each_step(trace):
    brush = Brush(trace, "keeps: forget gate f_t", 0.7, 1)
    np.testing.assert_allclose(gates.levels(brush, 0), [1, 1, 0.5, 1])
    assert np.isnan(gates.levels(Brush(trace, "keeps: forget gate f_t", 0.96, 1), 0)).all()
    assert "all of them together at 2 other steps" in gates.describe_gates(brush, 0)


def test_every_quantity_lies_between_0_and_1(trace):
    for name in gates.QUANTITIES:
        values = Brush(trace, name, 0.5, 1).values
        assert values.shape == FORGET.shape
        assert ((values >= 0) & (values <= 1)).all()
    np.testing.assert_allclose(Brush(trace, "erases: 1 − f_t", 0.5, 1).values, 1 - FORGET)
    np.testing.assert_allclose(Brush(trace, "holds: |tanh c_t|", 0.5, 1).values, np.abs(np.tanh(trace.cells)))


def test_the_picture_holds_the_curves_of_the_brightest_and_the_threshold(trace):
    brush = Brush(trace, "keeps: forget gate f_t", 0.7, 2)
    figure = gates.plot_gates(brush, 1)
    curves = np.reshape(figure.data[1].y, (gates.BRIGHT, 5))
    np.testing.assert_allclose(curves[:2, :4], FORGET[:, [1, 2]].T)
    assert np.isnan(curves[2]).all()
    assert figure.data[2].y == (0.7, 0.7)
    assert (min(figure.data[4].x), max(figure.data[4].x)) == (0.5, 2.5)
    np.testing.assert_array_equal(figure.data[6].y, [np.nan, 1, 2])
    np.testing.assert_allclose(figure.data[3].z, FORGET.T)


@pytest.fixture
def clamped() -> ClampTrace:
    free = np.array([0.5, 1.0, 1.5])
    cells = np.array([[0.0, 0.5, 1.0], [0.5, 0.0, 0.5], [0.5, 1.0, -2.5]])
    after = np.array([[0.6, 0.3, 0.1], [0.4, 0.5, 0.1], [0.1, 0.8, 0.1]])
    return ClampTrace(
        ("the", "boys", ","), ("x", "king", "kings"), "forget", 0.0, 4, True, np.array([0.9, 0.8, 0.7]), free,
        np.array([0.1, 0.2, 0.7]), cells, after,
    )  # fmt: skip


def test_the_clamped_cell_leaves_its_ghost(clamped):
    answers = ("kings", "king")
    figure = gates.plot_clamp(clamped, answers, 1)
    np.testing.assert_allclose(figure.data[0].y, clamped.free_cells)
    np.testing.assert_allclose(figure.data[1].y, clamped.cells[1])
    assert (figure.data[3].x, figure.data[3].y) == ((1,), (0.0,))
    np.testing.assert_allclose(figure.data[4].x, [0.1, 0.5])
    np.testing.assert_allclose(figure.data[5].x, [0.7, 0.2])
    assert gates.clamp_bound(clamped) == math.ceil(2.5)
    sentence = gates.describe_clamp(clamped, answers, 1)
    assert "At step 2, “boys”, the forget gate of cell 4 is held at 0" in sentence
    assert "moves by −1.00 there and is −1.00 off at the end; “kings” becomes “king”" in sentence


def test_every_setting_of_one_structure_can_use_the_same_figure(clamped):
    """What differs between settings must be in the patch: the figure is sent once."""
    other = ClampTrace(**{**vars(clamped), "free_cells": clamped.free_cells / 2, "value": 1.0, "alone": False})
    answers = ("kings", "king")
    assert gates.clamp_bound(other) == gates.clamp_bound(clamped)
    moved = patched(gates.clamp_figure(clamped, answers), gates.clamp_patch(other, answers, 2))
    assert moved == gates.plot_clamp(other, answers, 2)
