"""BLEU's parts: bars, counts and sentence against numbers written out by hand."""

import math

import numpy as np

from seqviz.plots.translation.bleu import bleu, describe_bleu
from seqviz.traces.translation.bleu import trace_bleu

# 4 words against 5: all words, 2 of 3 pairs, 1 of 2 threes, 0 of 1 four
TRACE = trace_bleu("a b c e", ["a b c d e"])
WHOLE = trace_bleu("a b c d", ["a b c d e"])


def parts(trace, word: int = 0) -> dict:
    return {one.uid: one for one in bleu(trace, word).figure.data}


def test_bars_are_the_precisions_their_mean_the_penalty_and_the_product():
    penalty = math.exp(1 - 5 / 4)
    np.testing.assert_allclose(parts(TRACE)["parts"].y, [1, 2 / 3, 1 / 2, 0, 0, penalty, 0])
    np.testing.assert_allclose(parts(WHOLE)["parts"].y, [1, 1, 1, 1, 1, penalty, penalty])
    assert list(parts(TRACE)["numbers"].text) == ["4/4", "2/3", "1/2", "0/1", "0.00", "0.78", "0.00"]


def test_the_bars_to_which_a_word_adds_have_another_colour():
    found = [np.flatnonzero(np.asarray(parts(TRACE, word)["chosen"].y)).tolist() for word in range(4)]
    assert found == [[0, 1, 2], [0, 1, 2], [0, 1, 2], [0]]


def test_the_sentence_says_where_a_word_counts_and_what_brevity_costs():
    assert describe_bleu(TRACE, 3) == (
        "“e” counts among single words. 4 words, the closest reference has 5, so brevity takes 22% off. "
        "BLEU is 0.000. One order without a match makes the whole score 0."
    )
    assert describe_bleu(trace_bleu("a x", ["a b"]), 1).startswith("“x” does not count. 2 words")
