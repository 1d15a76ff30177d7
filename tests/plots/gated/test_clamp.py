"""The ghost of a cell whose gate was held."""

import math
from dataclasses import replace

import numpy as np
import pytest

from seqviz.plots.gated import clamp
from seqviz.traces.gated.records import ClampTrace


@pytest.fixture
def clamped() -> ClampTrace:
    free = np.array([0.5, 1.0, 1.5])
    cells = np.array([[0.0, 0.5, 1.0], [0.5, 0.0, 0.5], [0.5, 1.0, -2.5]])
    after = np.array([[0.6, 0.3, 0.1], [0.4, 0.5, 0.1], [0.1, 0.8, 0.1]])
    return ClampTrace(
        tokens=("the", "boys", ","),
        outputs=("x", "king", "kings"),
        gate="forget",
        value=0.0,
        unit=4,
        alone=True,
        free_gate=np.array([0.9, 0.8, 0.7]),
        free_cells=free,
        free_probabilities=np.array([0.1, 0.2, 0.7]),
        cells=cells,
        probabilities=after,
    )


def test_the_clamped_cell_leaves_its_ghost(clamped):
    answers = ("kings", "king")
    figure = clamp.clamp(clamped, answers, 1).figure
    np.testing.assert_allclose(figure.data[0].y, clamped.free_cells)
    np.testing.assert_allclose(figure.data[1].y, clamped.cells[1])
    assert (figure.data[3].x, figure.data[3].y) == ((1,), (0.0,))
    np.testing.assert_allclose(figure.data[4].x, [0.1, 0.5])
    np.testing.assert_allclose(figure.data[5].x, [0.7, 0.2])
    assert clamp.clamp_bound(clamped) == math.ceil(2.5)
    sentence = clamp.describe_clamp(clamped, answers, 1)
    assert "At step 2, “boys”, the forget gate of cell 5 is held at 0" in sentence
    assert "moves by −1.00 there and is −1.00 off at the end; “kings” becomes “king”" in sentence


def test_a_step_is_painted_by_what_is_left_of_the_answer(clamped):
    answers = ("kings", "king")
    np.testing.assert_allclose(clamp.left_levels(clamped, answers), [1 / 7, 1 / 7, 1 / 7])
    np.testing.assert_allclose(clamp.left_levels(clamped, ("x", "king")), [1, 1, 1])  # more of it than before
    assert clamp.free_answer(clamped, ("x", "king")) == "king"
    sure = replace(clamped, free_probabilities=np.array([0.8, 0.1, 0.1]))
    np.testing.assert_allclose(clamp.left_levels(sure, ("x", "king")), [6 / 8, 4 / 8, 1 / 8])
    assert clamp.most_telling(sure, ("x", "king")) == 2
