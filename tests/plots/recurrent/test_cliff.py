"""The cliff: three ways on a map, number by number."""

import numpy as np
import pytest

from seqviz.plots.recurrent import cliff as plots
from seqviz.traces.recurrent.records import CliffSurface, CliffTrace

random = np.random.default_rng(4)
UPDATES = 5
THRESHOLDS = np.array([0.1, 2.0])
WAYS = random.uniform(0.1, 1, size=(5, UPDATES, 4))
TRACE = CliffTrace(thresholds=THRESHOLDS, plain=WAYS[0], by_norm=WAYS[1:3], by_value=WAYS[3:5])
SURFACE = CliffSurface(np.linspace(4, 6, 3), np.linspace(-3, -1, 4), random.uniform(size=(4, 3)))


@pytest.mark.parametrize("threshold", range(2))
def test_map_and_curves_hold_the_three_ways(threshold):
    figure = plots.cliff(SURFACE, TRACE, threshold).figure
    for index, way in enumerate([WAYS[0], WAYS[1 + threshold], WAYS[3 + threshold]]):
        on_map, curve = figure.data[1 + index], figure.data[5 + index]
        np.testing.assert_array_equal(on_map.x, way[:, 0])
        np.testing.assert_array_equal(on_map.y, way[:, 1])
        np.testing.assert_array_equal(curve.y, way[:, 2])
        np.testing.assert_array_equal(curve.x, range(UPDATES))
        assert curve.yaxis == "y2"
        assert (on_map.name, on_map.line.dash) == (curve.name, curve.line.dash)
        on_map_ball, on_curve_ball = figure.data[8 + 2 * index], figure.data[9 + 2 * index]
        assert (on_map_ball.x, on_map_ball.y) == ((way[-1, 0],), (way[-1, 1],))
        assert (on_curve_ball.x, on_curve_ball.y) == ((UPDATES - 1,), (way[-1, 2],))
        assert on_map_ball.marker.color == on_map.line.color
    assert (figure.data[4].x[0], figure.data[4].y[0]) == (WAYS[0, 0, 0], WAYS[0, 0, 1])


def test_the_map_is_the_surface_and_its_axes_stay():
    figure = plots.cliff_figure(SURFACE, TRACE)
    np.testing.assert_array_equal(figure.data[0].z, SURFACE.losses)
    assert figure.data[0].type == "contour"
    assert figure.data[0].line.width > 0
    assert figure.layout.xaxis.range == (4, 6)
    assert figure.layout.yaxis.range == (-3, -1)
    assert figure.layout.yaxis2.range == plots.LOSSES
    assert figure.layout.yaxis2.type == "log"


def test_the_three_ways_differ_by_more_than_colour():
    dashes = [trace.line.dash for trace in plots.cliff_figure(SURFACE, TRACE).data[1:4]]
    symbols = [trace.marker.symbol for trace in plots.cliff_figure(SURFACE, TRACE).data[8::2]]
    assert len(set(dashes)) == len(set(symbols)) == 3


def test_the_sentence_says_start_largest_gradient_and_the_three_ends():
    w, b, loss, _ = WAYS[0, 0]
    ends = [WAYS[0, -1], WAYS[2, -1], WAYS[4, -1]]
    said = [f"loss {end[2]:.3f} at w = {end[0]:.2f}, b = {end[1]:.2f}" for end in ends]
    assert plots.describe_cliff(TRACE, 1) == (
        f"From w = {w:.2f}, b = {b:.2f} (loss {loss:.3f}), threshold 2. "
        f"Unclipped, the largest gradient met has norm {WAYS[0, :-1, 3].max():.2g}. After 4 updates, "
        f"as it is: {said[0]}; clipped by its norm: {said[1]}; clipped by value: {said[2]}."
    )
