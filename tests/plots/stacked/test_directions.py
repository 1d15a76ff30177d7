"""What readers believe: the picture holds the trace's numbers."""

import numpy as np
import pytest

from seqviz.plots.stacked.directions import (
    READABLE,
    describe_directions,
    directions,
    directions_figure,
    directions_levels,
)
from seqviz.traces.stacked.records import DirectionsTrace
from tests.plots.example_traces import TOKENS, directions_trace

TRACE = directions_trace()


def test_the_rows_hold_the_probability_of_something():
    heatmap = directions_figure(TRACE).data[0]
    np.testing.assert_allclose(np.array(heatmap.z), TRACE.probabilities[..., 1:].sum(-1), atol=1e-12)
    assert (heatmap.zmin, heatmap.zmax) == (0, 1)


def test_every_cell_bears_its_likeliest_tag_but_not_the_one_that_says_nothing():
    marks = directions_figure(TRACE).data[1]
    expected = {}
    for (reader, step), best in np.ndenumerate(TRACE.probabilities.argmax(-1)):
        expected[step + 1, reader] = "" if best == 0 else TRACE.tags[best]
    assert dict(zip(zip(marks.x, marks.y, strict=True), marks.text, strict=True)) == expected
    assert "" in expected.values()
    assert len(set(expected.values())) == 4
    for x, y, ink in zip(marks.x, marks.y, marks.textfont.color, strict=True):
        assert ink == ("#ffffff" if TRACE.something[y, x - 1] < 0.47 else "#000000")


def test_where_columns_are_narrow_no_tag_is_written():
    long = directions_trace("a" * (READABLE + 1))
    assert set(directions_figure(long).data[1].text) == {""}


@pytest.mark.parametrize("step", range(len(TOKENS)))
def test_the_bars_are_the_probabilities_of_the_selected_step_and_the_frame_is_around_its_column(step):
    figure = directions(TRACE, step).figure
    for reader, bars in enumerate(figure.data[3:]):
        np.testing.assert_array_equal(np.array(bars.y), TRACE.probabilities[reader, step])
        assert bars.name == TRACE.readers[reader]
    assert list(figure.layout.xaxis2.ticktext) == list(TRACE.tags)
    assert (min(figure.data[2].x), max(figure.data[2].x)) == (step + 0.5, step + 1.5)


def test_the_sentence_says_each_readers_choice():
    probabilities = np.array([[[0.7, 0.3]], [[0.1, 0.9]]])
    trace = DirectionsTrace(
        tokens=("teddy",), tags=("O", "B-PER"), readers=("left to right", "both"), probabilities=probabilities
    )
    assert describe_directions(trace, 0) == "Step 1 of 1, “teddy”: left to right says O (70%); both says B-PER (90%)."


def test_the_levels_are_one_readers():
    levels = directions_levels(TRACE, 2)
    assert levels.shape == (len(TOKENS), len(TOKENS))
    np.testing.assert_array_equal(levels, np.tile(1 - TRACE.probabilities[2, :, 0], (len(TOKENS), 1)))
