"""Which words count: by hand, and as many as the counts of BLEU itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqviz.models.translation.bleu import bleu
from seqviz.traces.translation.bleu import trace_bleu

sentences = st.lists(st.sampled_from("abc"), min_size=1, max_size=9).map(" ".join)


def test_a_word_counts_as_often_as_one_reference_has_it():
    trace = trace_bleu("the the the cat", ["the cat sat the", "a cat"])
    assert trace.matched[0].tolist() == [True, True, False, True]
    assert trace.matched[1].tolist() == [False, False, True, True]
    assert trace.matched[2:].tolist() == [[False] * 4] * 2
    assert (trace.matches, trace.totals) == ((3, 1, 0, 0), (4, 3, 2, 1))


@given(candidate=sentences, references=st.lists(sentences, min_size=1, max_size=3))
def test_single_words_lit_are_as_many_as_count_and_the_score_is_bleu(candidate, references):
    trace = trace_bleu(candidate, references)
    found = bleu([candidate.split()], [[one.split() for one in references]])
    assert trace.matched[0].sum() == found.matches[0]
    for order in range(4):
        assert trace.matched[order].any() == (found.matches[order] > 0)
    assert (trace.score, trace.brevity_penalty) == (found.score, found.brevity_penalty)
    assert (trace.precisions, trace.reference_length) == (found.precisions, found.reference_length)


def test_a_translation_is_lit_as_a_whole_where_it_is_the_reference():
    np.testing.assert_array_equal(trace_bleu("a b c d e", ["a b c d e"]).matched, np.ones((4, 5), dtype=bool))


def test_a_translation_without_words_is_refused():
    with pytest.raises(ValueError, match="expected at least one word, got an empty translation"):
        trace_bleu("  ", ["a b"])
