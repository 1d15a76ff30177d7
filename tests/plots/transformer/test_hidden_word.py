"""Bars of what is expected, the word that stood there among them, and the sentence about it."""

import numpy as np
import pytest

from seqviz.plots.transformer.hidden_word import describe_hidden_word, hidden_word, hidden_word_levels
from seqviz.traces.transformer.records import HiddenWordTrace

PROBABILITIES = [[0.7, 0.2, 0.1], [0.25, 0.05, 0.7], [0.5, 0.3, 0.2]]


def trace():
    return HiddenWordTrace(
        tokens=("<cls>", "a", "b"),
        outputs=("<cls>", "b", "a"),
        probabilities=np.array(PROBABILITIES),
        own=np.array([0.7, 0.7, 0.3]),
        weights=np.array([[0.1, 0.5, 0.4], [0.2, 0.6, 0.2], [0.3, 0.6, 0.1]]),
    )


@pytest.mark.parametrize(("hidden", "stood"), [(0, [0.7, 0, 0]), (1, [0, 0, 0.7]), (2, [0, 0.3, 0])])
def test_bars_are_the_probabilities_and_the_word_that_stood_there_stands_out(hidden, stood):
    bars = {one.uid: list(one.y) for one in hidden_word(trace(), hidden).figure.data}
    assert bars == {"expected": PROBABILITIES[hidden], "stood": stood}


def test_tokens_are_painted_by_the_weight_that_the_gap_gives_them():
    np.testing.assert_allclose(hidden_word_levels(trace())[1], [0.2, np.nan, 0.2])
    assert trace().weights[0, 0] == 0.1


def test_the_sentence_names_the_likeliest_words_and_where_the_gap_looks_besides_itself():
    assert describe_hidden_word(trace(), 1) == (
        "Hidden is word 2, “a” (70%). Expected there: “a” 70%, “<cls>” 25% and “b” 5%. In the last layer the gap looks "
        "hardest at “<cls>” (20%, the mean of the heads)."
    )
    assert "looks hardest at “a” (60%" in describe_hidden_word(trace(), 2)
