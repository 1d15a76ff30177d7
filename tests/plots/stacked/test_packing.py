"""The picture of a packed batch: every token in both drawings, columns as wide as their batch sizes."""

import numpy as np
import pytest

from seqviz.plots.stacked.packing import Entry, gather_entries, packing
from seqviz.traces.stacked.records import PackingTrace


@pytest.fixture
def trace():
    return PackingTrace(
        sequences=(("o", " "), ("a", "b", "c")),
        rows=np.array([1, 0, 1, 0, 1]),
        steps=np.array([0, 0, 1, 1, 2]),
        batch_sizes=np.array([2, 2, 1]),
    )


def test_entries_stand_in_the_order_of_data(trace):
    assert gather_entries(trace) == [
        Entry("a", 1, 0, 0),
        Entry("o", 0, 0, 1),
        Entry("b", 1, 1, 2),
        Entry("␣", 0, 1, 3),
        Entry("c", 1, 2, 4),
    ]


def test_a_sequence_has_its_colour_and_its_tokens_in_both_drawings(trace):
    tokens = [one for one in packing(trace).figure.data if one.mode == "markers+text"]
    assert [(one.text, one.xaxis) for one in tokens] == [
        (("o", "␣"), "x"),
        (("o", "␣"), "x2"),
        (("a", "b", "c"), "x"),
        (("a", "b", "c"), "x2"),
    ]
    assert tokens[0].marker.color == tokens[1].marker.color != tokens[2].marker.color == tokens[3].marker.color
    assert [one.x for one in tokens] == [(0, 1), pytest.approx((1, 3.4)), (0, 1, 2), pytest.approx((0, 2.4, 4.8))]
    assert tokens[0].y == (0, 0)
    assert tokens[2].y == (1, 1, 1)


def test_what_is_padding_is_empty(trace):
    (padding,) = (one for one in packing(trace).figure.data if one.marker.symbol == "square-open")
    assert (padding.x, padding.y, padding.text) == ((2,), (0,), None)


def test_the_columns_of_the_steps_are_as_wide_as_their_batch_sizes(trace):
    (lines,) = (one for one in packing(trace).figure.data if one.mode == "lines")
    ends = np.array(lines.x, float).reshape(-1, 3)
    np.testing.assert_allclose(ends[:, 1] - ends[:, 0], trace.batch_sizes - 0.2)
    assert np.isnan(ends[:, 2]).all()
    (sizes,) = (one for one in packing(trace).figure.data if one.mode == "text")
    assert sizes.text == ("2", "2", "1")


def test_the_sentence_says_what_each_step_holds(trace):
    assert packing(trace).sentence == (
        "Packed step by step: step 1 holds a and o; step 2 holds b and ␣; step 3 holds c. batch_sizes is 2, 2, 1. "
        "Of the 6 places of the padded batch, 1 is padding and left out."
    )
