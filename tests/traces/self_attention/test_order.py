"""Two words are exchanged: without positions every word reads the same, with any scheme not."""

import numpy as np
import pytest

from seqviz.traces.self_attention.order import SCHEMES, trace_order

SENTENCE = "the dog bites a man"


def test_without_positions_no_word_notices():
    trace = trace_order(SENTENCE, 1, 4)
    assert trace.order == (0, 4, 2, 3, 1)
    np.testing.assert_allclose(trace.now, trace.written, atol=1e-12)
    assert trace.changed.max() < 1e-12


@pytest.mark.parametrize("scheme", SCHEMES[1:])
def test_with_positions_all_words_but_those_that_see_no_other_distance_notice(scheme):
    trace = trace_order(SENTENCE, 1, 4, scheme)
    np.testing.assert_allclose(trace.now.sum(-1), 1, atol=1e-12)
    assert trace.changed.min() > 1e-3
    assert np.abs(trace.now - trace.written).max() > 0.01


def test_with_distances_alone_a_whole_sentence_read_backwards_changes_nothing_for_alibi():
    """|i − j| has no direction: two words exchange their places, and either reads the other as before."""
    trace = trace_order("dog bites", 0, 1, "alibi")
    assert trace.changed.max() < 1e-12
    assert trace_order("dog bites", 0, 1, "rotary").changed.min() > 1e-3


def test_equal_words_have_equal_vectors_and_late_places_are_the_last():
    same = trace_order("the dog the", 0, 2)
    np.testing.assert_allclose(same.written[:, 0], same.written[:, 2], atol=1e-12)
    assert trace_order(SENTENCE, 0, 9).order == (4, 1, 2, 3, 0)
    with pytest.raises(ValueError, match="expected at least two words, got 1"):
        trace_order("dog", 0, 0)
    with pytest.raises(ValueError, match="scheme: expected one of 'none'"):
        trace_order(SENTENCE, 0, 1, "learned")
