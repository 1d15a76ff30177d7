"""Bars before and after the cut, and the sentence about it."""

import numpy as np
import pytest

from seqviz.plots.self_attention.cut import cut, cut_levels, describe_cut
from seqviz.traces.self_attention.cut import ALONE, EVERYBODY
from seqviz.traces.self_attention.records import CutTrace


def trace(whose=ALONE, layers=(0, 1)):
    return CutTrace(
        tokens=("a", "b", "it"),
        asked=2,
        whose=whose,
        layers=layers,
        outputs=("a", "b"),
        own_weights=np.array([[0.2, 0.3, 0.5], [0.6, 0.1, 0.3]]),
        own=np.array([0.9, 0.1]),
        cut=np.array([[0.25, 0.75], [0.8, 0.2], [0.9, 0.1]]),
    )


@pytest.mark.parametrize("word", range(3))
def test_bars_of_the_cut_stand_in_front_of_those_with_nothing_cut(word):
    bars = {one.uid: list(one.x) for one in cut(trace(), word).figure.data}
    assert bars == {"own": [0.9, 0.1], "cut": list(trace().cut[word])}


def test_words_are_painted_by_their_weight_in_the_layers_of_the_cut():
    np.testing.assert_allclose(cut_levels(trace())[0], [np.nan, 0.2, 0.4])
    np.testing.assert_allclose(cut_levels(trace(layers=(1,)))[1], [0.6, np.nan, 0.3])


def test_the_sentence_says_which_edge_and_what_became_of_the_answer():
    told = "“it” answers “a” (90%). It gave “a” 20% in layer 1 and 60% in layer 2 (the mean of the heads). "
    assert describe_cut(trace(), 0) == (
        told + "“it” may not look at “a” in layer 1 and layer 2 any more: the answer becomes “b” (75%)."
    )
    assert describe_cut(trace(EVERYBODY, (1,)), 0) == (
        told + "No word may look at “a” in layer 2 any more: the answer becomes “b” (75%)."
    )
    assert describe_cut(trace(), 1).endswith("the answer stays, with 80%.")
