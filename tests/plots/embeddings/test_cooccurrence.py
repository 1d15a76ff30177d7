"""The table is that of the chosen length, and the course is the hidden pair's."""

import numpy as np
import pytest

from seqviz.plots.embeddings.cooccurrence import cooccurrence, describe_cooccurrence, hidden_place
from seqviz.traces.embeddings.records import CooccurrenceTrace


def trace_of(hidden=("plane", "crew")) -> CooccurrenceTrace:
    table = np.array([[2.0, 0.5], [0.0, 1.0]])
    products = np.stack([table + 1, table + np.array([[0, 0], [0.7, 0]]), table])
    truth = 1.5 if hidden else float("nan")
    return CooccurrenceTrace(
        ("boat", "plane"), ("crew", "sky"), "positive PMI", table, np.array([1, 4, 9]), products, hidden, truth
    )


@pytest.mark.parametrize("size", [0, 1, 2])
def test_the_table_and_the_mark_follow_the_length(size: int):
    trace = trace_of()
    figure = cooccurrence(trace, size).figure
    traces = {one.uid: one for one in figure.data if one.uid}
    np.testing.assert_array_equal(traces["table"].z, trace.products[size])
    assert list(traces["mark"].x) == [size, size]


def test_the_course_is_that_of_the_hidden_pair_on_an_axis_that_holds_it():
    figure = cooccurrence(trace_of(), 0).figure
    said = {one.name: one for one in figure.data if one.name}
    np.testing.assert_allclose(said["what the vectors say"].y, [1.0, 0.7, 0.0])
    np.testing.assert_allclose(said["had it been counted"].y, [1.5] * 3)
    low, high = figure.layout.yaxis2.range
    assert low < 0 < 1.5 < high
    assert hidden_place(trace_of()) == (1, 0)


def test_without_a_hidden_pair_there_is_no_course():
    figure = cooccurrence(trace_of(None), 1).figure
    assert [one.name for one in figure.data if one.name] == []
    assert describe_cooccurrence(trace_of(None), 2) == (
        "Vectors of 9 numbers: their products miss the table's entries (positive PMI) by 0.00 on average."
    )


def test_the_sentence_says_how_near_and_what_is_guessed():
    assert describe_cooccurrence(trace_of(), 1) == (
        "Vectors of 4 numbers: their products miss the table's entries (positive PMI) by 0.35 on average. "
        "Of plane and crew, which they were told never meet, they say 0.70; counted, it is 1.50."
    )
    assert describe_cooccurrence(trace_of(), 0).startswith("Vectors of 1 number:")
