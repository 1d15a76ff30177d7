"""The square of the two gates, and what it is called."""

import numpy as np
import pytest

from seqviz.plots.gated import regimes
from seqviz.traces.gated.records import RegimeTrace


def trace(forget: float, write: float) -> RegimeTrace:
    return RegimeTrace(
        forget=forget, input=write, start=2.0, candidates=np.array([1.0, -1.0]), cells=np.array([1.5, 0.5])
    )


@pytest.mark.parametrize(
    ("forget", "write", "name"),
    [(1.0, 0.0, "keep"), (0.0, 1.0, "overwrite"), (0.0, 0.0, "erase"), (1.0, 1.0, "accumulate"), (0.8, 0.3, "keep")],
)
def test_the_nearest_corner_has_its_name(forget, write, name):
    sentence = regimes.describe_regimes(trace(forget, write), 10)
    assert regimes.nearest_corner(trace(forget, write)) == name
    assert f": {'nearest to ' if forget == 0.8 else ''}{name}. The cell goes from 2 to 0.50 in 2 steps" in sentence
    assert "with o_t = 1.0 it shows 0.46" in sentence


def test_the_picture_follows_all_three_gates():
    figure = regimes.regimes(trace(0.5, 0.2), 4).figure
    assert (figure.data[1].x, figure.data[1].y) == ((0.5,), (0.2,))
    np.testing.assert_allclose(figure.data[2].y, [1, -1])
    np.testing.assert_allclose(figure.data[3].y, [2, 1.5, 0.5])
    np.testing.assert_allclose(figure.data[4].y, 0.4 * np.tanh([2, 1.5, 0.5]))


def by_name(figure):
    return {one.uid: one for one in figure.data if one.uid}


def test_the_vessel_stands_at_the_last_step():
    drawn = by_name(regimes.regimes(trace(0.5, 0.2), 4).figure)
    np.testing.assert_allclose(drawn["poured"].y, [0, 0.2, -0.2])
    assert drawn["in"].y == (pytest.approx(-0.2),)
    assert drawn["level"].y == (0.5,)
    assert drawn["out"].y == (pytest.approx(0.4 * np.tanh(0.5)),)
    assert (drawn["now"].x, drawn["now"].y) == ((2.0,), (0.5,))


@pytest.mark.parametrize(("gate", "pipe"), [("i", "x"), ("o", "x"), ("f", "y")])
def test_a_valve_lies_along_its_pipe_where_it_is_open_and_across_it_where_it_is_closed(gate, pipe):
    def extent(opened):
        x, y = regimes.valve(gate, opened)
        return {"x": abs(x[1] - x[0]), "y": abs(y[1] - y[0])}

    across = {"x": "y", "y": "x"}[pipe]
    assert extent(1.0) == {pipe: pytest.approx(0.5), across: pytest.approx(0)}
    assert extent(0.0) == {pipe: pytest.approx(0), across: pytest.approx(0.5)}
    assert 0 < extent(0.3)[pipe] < extent(0.6)[pipe] < 0.5


def test_what_is_forgotten_leaves_through_the_valve_below():
    for forget, along in ((1.0, 0), (0.0, 0.5)):
        below = by_name(regimes.regimes(trace(forget, 0.2)).figure)["valve-f"]
        assert below.y[1] - below.y[0] == pytest.approx(along)
