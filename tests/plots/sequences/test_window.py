"""The window covers its part of the sequence, and its sum stands below its left end."""

import numpy as np
import pytest

from seqviz.plots.sequences.window import describe_window, window, window_figure
from seqviz.traces.sequences.records import WindowTrace

TRACE = WindowTrace(
    inputs=np.array([1.0, -2.0, 0.5, 3.0, 0.0]),
    weights=np.array([2.0, -1.0, 0.5]),
    outputs=np.array([4.25, -3.0, -2.0]),
)


@pytest.mark.parametrize("place", range(3))
def test_the_window_covers_its_steps_and_shows_its_sum(place):
    sequence, covered, weights, sums, here = window(TRACE, place).figure.data
    np.testing.assert_array_equal(sequence.y, TRACE.inputs)
    np.testing.assert_array_equal(covered.x, weights.x)
    np.testing.assert_array_equal(covered.x, np.arange(place, place + 3))
    np.testing.assert_array_equal(covered.y, TRACE.inputs[place : place + 3])
    np.testing.assert_array_equal(weights.y, TRACE.weights)
    np.testing.assert_array_equal(sums.y, TRACE.outputs)
    assert (list(here.x), list(here.y)) == ([place], [TRACE.outputs[place]])


def test_what_moves_has_a_fixed_axis_that_holds_it():
    layout = window_figure(TRACE).layout
    for axis, values in ((layout.yaxis, TRACE.inputs), (layout.yaxis2, TRACE.weights), (layout.yaxis3, TRACE.outputs)):
        low, high = axis.range
        assert low < min(0, *values) < max(0, *values) < high


def test_steps_on_the_axis_count_from_1():
    axis = window_figure(TRACE).layout.xaxis
    np.testing.assert_array_equal(np.array(axis.ticktext), np.array(axis.tickvals) + 1)


def test_the_sentence_writes_the_sum_out():
    assert describe_window(TRACE, 1) == (
        "Steps 2 to 4 are under the window: 2.00 · (−2.00) + (−1.00) · 0.50 + 0.50 · 3.00 = −3.00."
    )
