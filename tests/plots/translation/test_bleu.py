"""BLEU's parts: bars, counts and sentence against numbers written out by hand."""

import math

import numpy as np
import pytest

from seqviz.plots.translation.bleu import bleu, describe_bleu
from seqviz.traces.translation.bleu import trace_bleu

# 4 words against 5: all words, 2 of 3 pairs, 1 of 2 threes, 0 of 1 four
TRACE = trace_bleu("a b c e", ["a b c d e"])
WHOLE = trace_bleu("a b c d", ["a b c d e"])


def parts(trace, order: int = 0) -> dict:
    return {one.uid: one for one in bleu(trace, order).figure.data}


def test_bars_are_the_precisions_their_mean_the_penalty_and_the_product():
    penalty = math.exp(1 - 5 / 4)
    np.testing.assert_allclose(parts(TRACE)["parts"].y, [1, 2 / 3, 1 / 2, 0, 0, penalty, 0])
    np.testing.assert_allclose(parts(WHOLE)["parts"].y, [1, 1, 1, 1, 1, penalty, penalty])
    assert list(parts(TRACE)["numbers"].text) == ["4/4", "2/3", "1/2", "0/1", "0.00", "0.78", "0.00"]


@pytest.mark.parametrize("order", range(4))
def test_the_order_looked_at_has_another_colour(order: int):
    chosen = np.asarray(parts(WHOLE, order)["chosen"].y)
    assert np.flatnonzero(chosen).tolist() == [order]


def test_the_sentence_says_what_counts_and_what_brevity_costs():
    assert describe_bleu(TRACE, 1) == (
        "2 of 3 runs of 2 words stand in a reference. 4 words, the closest reference has 5, so brevity takes 22% off. "
        "BLEU is 0.000. One order without a match makes the whole score 0."
    )
    assert describe_bleu(trace_bleu("a b c", ["a b c"]), 3).startswith("It is too short for runs of 4 words. 3 words")
