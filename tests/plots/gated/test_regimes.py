"""The square of the two gates, and what it is called."""

import numpy as np
import pytest

from seqviz.plots.gated import regimes
from seqviz.traces.gated.records import RegimeTrace


def trace(forget: float, write: float) -> RegimeTrace:
    return RegimeTrace(forget, write, 2.0, np.array([1.0, -1.0]), np.array([1.5, 0.5]))


@pytest.mark.parametrize(
    ("forget", "write", "name"),
    [(1.0, 0.0, "keep"), (0.0, 1.0, "overwrite"), (0.0, 0.0, "erase"), (1.0, 1.0, "accumulate"), (0.8, 0.3, "keep")],
)
def test_the_nearest_corner_has_its_name(forget, write, name):
    sentence = regimes.describe_regimes(trace(forget, write), 10)
    assert regimes.nearest_corner(trace(forget, write)) == name
    assert f": {'nearest to ' if forget == 0.8 else ''}{name}. From 2 the cell comes to 0.50 in 2 steps" in sentence
    assert "with o_t = 1.0 it shows 0.46" in sentence


def test_the_picture_follows_all_three_gates():
    figure = regimes.regimes(trace(0.5, 0.2), 4).figure
    assert (figure.data[1].x, figure.data[1].y) == ((0.5,), (0.2,))
    np.testing.assert_allclose(figure.data[2].y, [1, -1])
    np.testing.assert_allclose(figure.data[3].y, [2, 1.5, 0.5])
    np.testing.assert_allclose(figure.data[4].y, 0.4 * np.tanh([2, 1.5, 0.5]))
