"""A pattern at every place: the picture holds the trace's numbers."""

import numpy as np
import pytest

from seqviz.plots.sequences.shift import describe_shift, shift, shift_figure
from seqviz.traces.sequences.records import ShiftTrace

PLACES, TIME, FIRST, WIDTH = 4, 13, 3, 5


def shift_trace():
    random = np.random.default_rng(0)
    probabilities = {name: random.uniform(size=PLACES) for name in ("one", "two", "three")}
    trained = np.array([False, True, True, False])
    starts = np.arange(FIRST, FIRST + PLACES)
    return ShiftTrace("rising", starts, trained, WIDTH, random.normal(size=(PLACES, TIME)), probabilities)


TRACE = shift_trace()


@pytest.mark.parametrize("place", range(PLACES))
def test_sequence_ramp_and_curves_are_the_traces(place):
    figure = shift(TRACE, place).figure
    sequence, ramp, *curves, mark = figure.data
    np.testing.assert_array_equal(sequence.y, TRACE.inputs[place])
    np.testing.assert_array_equal(sequence.x, np.arange(TIME) - FIRST)
    start = FIRST + place
    np.testing.assert_array_equal(ramp.y, TRACE.inputs[place, start : start + WIDTH])
    np.testing.assert_array_equal(ramp.x, sequence.x[start : start + WIDTH])
    for curve, (name, probabilities) in zip(curves, TRACE.probabilities.items(), strict=True):
        assert curve.name == name
        np.testing.assert_array_equal(curve.y, probabilities)
        np.testing.assert_array_equal(curve.x, np.arange(PLACES))
    assert tuple(mark.x) == (place, place)


def test_what_moves_has_a_fixed_axis_and_curves_differ_by_more_than_colour():
    figure = shift_figure(TRACE)
    layout = figure.layout
    assert all(axis.range is not None for axis in (layout.xaxis, layout.yaxis, layout.yaxis2))
    assert len({curve.line.dash for curve in figure.data[2:5]}) == 3


def test_steps_on_the_axis_count_from_1():
    axis = shift_figure(TRACE).layout.xaxis
    np.testing.assert_array_equal(np.array(axis.ticktext, dtype=int), np.array(axis.tickvals) + FIRST + 1)


def test_the_places_of_training_are_shaded():
    (shade,) = shift_figure(TRACE).layout.shapes
    assert (shade.x0, shade.x1) == (0.5, 2.5)
    never = ShiftTrace("rising", TRACE.starts, np.zeros(4, dtype=bool), WIDTH, TRACE.inputs, TRACE.probabilities)
    assert not shift_figure(never).layout.shapes


def test_the_sentence_says_where_and_what_each_answers():
    answers = ", ".join(f"{name} {curve[1]:.0%}" for name, curve in TRACE.probabilities.items())
    assert describe_shift(TRACE, 1) == (
        "A rising ramp from step 5 on, a place they saw in training. Probability of the right answer: " + answers + "."
    )
    assert "step 7 on, a place none of them saw in training" in describe_shift(TRACE, 3)
