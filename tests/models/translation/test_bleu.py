"""BLEU against sacrebleu, on random corpora; its parts by hand."""

import math

import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from seqviz.models.translation.bleu import bleu, brevity_penalty, clipped_matches, closest_length

sentences = st.lists(st.sampled_from("abc"), min_size=1, max_size=9)


@given(pairs=st.lists(st.tuples(sentences, st.tuples(sentences, sentences)), min_size=1, max_size=5))
def test_a_corpus_with_two_references_scores_as_in_sacrebleu(pairs):
    candidates, references = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    found = bleu(candidates, references)
    theirs = sacrebleu.corpus_bleu(
        [" ".join(one) for one in candidates],
        [[" ".join(both[i]) for both in references] for i in range(2)],
        tokenize="none",
        smooth_method="none",
        lowercase=False,
    )
    assert list(found.matches) == theirs.counts
    assert list(found.totals) == theirs.totals
    assert (found.candidate_length, found.reference_length) == (theirs.sys_len, theirs.ref_len)
    assert found.brevity_penalty == pytest.approx(theirs.bp, abs=1e-12)
    assert [100 * p for p in found.precisions] == pytest.approx(theirs.precisions, abs=1e-12)
    assert 100 * found.score == pytest.approx(theirs.score, abs=1e-10), "in percent; theirs sums logarithms of percents"


def test_a_match_counts_as_often_as_one_reference_has_it():
    # Papineni et al. 2002, example 2: seven times “the”, of which the first reference has two
    candidate = ["the", "the", "the", "the", "the", "the", "the"]
    references = [["the", "cat", "is", "on", "the", "mat"], ["there", "is", "a", "cat", "on", "the", "mat"]]
    assert clipped_matches(candidate, references, 1) == 2, "not 3: references are not added up"


def test_of_two_lengths_as_close_the_shorter_counts():
    assert closest_length(["a", "b", "c"], [["a", "b"], ["a", "b", "c", "d"]]) == 2


def test_a_perfect_translation_scores_1_and_one_without_a_word_0():
    same = ["one", "two", "three", "four", "five"]
    assert bleu([same], [[same]]).score == 1.0
    assert bleu([[]], [[same]]).score == 0.0
    assert brevity_penalty(5, 5) == 1.0
    assert brevity_penalty(4, 5) == pytest.approx(math.exp(-0.25), abs=1e-15)


def test_a_corpus_is_not_the_mean_of_its_sentences():
    long, short = ["a", "b", "c", "d", "e", "f", "g", "h"], ["x", "y", "z", "w"]
    candidates, references = [long, ["x", "y", "z", "v"]], [[long], [short]]
    mean = sum(bleu([one], [refs]).score for one, refs in zip(candidates, references, strict=True)) / 2
    assert mean == 0.5, "the second sentence has no 4-gram that matches"
    assert bleu(candidates, references).score > 0.8


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="candidates: expected at least one, got none"):
        bleu([], [])
    with pytest.raises(ValueError, match=r"a reference or more for each of 2 candidates, got \[1\]"):
        bleu([["a"], ["b"]], [[["a"]]])
    with pytest.raises(ValueError, match=r"for each of 1 candidates, got \[0\]"):
        bleu([["a"]], [[]])
    with pytest.raises(ValueError, match="order: expected at least 1, got 0"):
        bleu([["a"]], [[["a"]]], order=0)
