"""The arrow, the ring and the bars are those of the record, and a name touches no other."""

import numpy as np
import pytest

from seqviz.plots.embeddings.analogy import OTHER, analogy, describe_analogy, label_heights
from seqviz.traces.embeddings.records import AnalogyTrace


def trace_of(*, left_out=True, other=0.1) -> AnalogyTrace:
    places = np.array([[0.0, 0.0], [1.0, 0.0], [0.1, 2.0], [1.2, 2.1]])
    cosines = np.array([[0.9, 0.8, 0.1, 0.2], [0.2, 0.9, 0.1, 0.0], [0.1, 0.2, 0.95, 0.75], [0.0, 0.3, 0.4, 0.9]])
    return AnalogyTrace(
        pair=("man", "woman"),
        words=("man", "woman", "king", "queen"),
        places=places,
        sums=places + np.array([1.0, 0.0]),
        cosines=cosines,
        others=("palace",) * 4,
        other_cosines=np.full(4, other),
        query_left_out=left_out,
    )


def drawn(trace, c):
    return {one.uid: one for one in analogy(trace, c).figure.data if one.uid}


def test_the_arrow_goes_from_the_word_to_the_sum_and_the_ring_is_at_the_answer():
    traces = drawn(trace_of(), 2)
    np.testing.assert_allclose(traces["arrow"].x, [0.1, 1.1])
    np.testing.assert_allclose(traces["arrow"].y, [2.0, 2.0])
    np.testing.assert_allclose([traces["answer"].x[0], traces["answer"].y[0]], [1.2, 2.1])


@pytest.mark.parametrize(
    ("left_out", "near", "query", "best"),
    [
        (True, [0, 0, 0, 0.75, 0.1], [0.1, 0.2, 0.95, 0, 0], [0, 0, 0, 0.75, 0]),
        (False, [0.1, 0.2, 0.95, 0.75, 0.1], [0, 0, 0, 0, 0], [0, 0, 0.95, 0, 0]),
    ],
)
def test_the_bars_are_the_cosines_apart_by_who_may_answer(left_out, near, query, best):
    traces = drawn(trace_of(left_out=left_out), 2)
    np.testing.assert_allclose(traces["near"].x, near)
    np.testing.assert_allclose(traces["query"].x, query)
    np.testing.assert_allclose(traces["best"].x, best)


def test_an_answer_beside_the_map_has_a_bar_and_no_ring():
    trace = trace_of(other=0.8)
    traces = drawn(trace, 2)
    assert np.isnan(traces["answer"].x[0])
    np.testing.assert_allclose(traces["best"].x, [0, 0, 0, 0, 0.8])
    assert analogy(trace, 2).figure.layout.yaxis2.ticktext[-1] == OTHER
    assert describe_analogy(trace, 2).startswith("man is to woman as king is to palace, with a cosine of 0.80.")


def test_the_sentence_says_what_was_left_out():
    assert describe_analogy(trace_of(), 2) == (
        "man is to woman as king is to queen, with a cosine of 0.75. Nearest of all is king, 0.95, left out."
    )
    assert describe_analogy(trace_of(left_out=False), 2) == (
        "man is to woman as king is to king, with a cosine of 0.95. "
        "The three words of the question could be the answer, too."
    )
    assert describe_analogy(trace_of(other=0.97), 2) == (
        "man is to woman as king is to palace, with a cosine of 0.97. "
        "It is the nearest of all, the three words of the question included."
    )


def test_names_of_words_that_lie_together_stand_apart():
    places = np.array([[0.0, 0.0], [0.01, 0.01], [0.02, 0.02], [5.0, 0.0]])
    heights = label_heights(places, 2.0)
    assert np.diff(heights[:3]).min() >= 0.045 * 2 - 1e-12
    assert heights[3] == 0
