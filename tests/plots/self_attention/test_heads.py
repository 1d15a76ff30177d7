"""A row for every head, the whole map of the one in focus, and what is said of both."""

import numpy as np
import pytest

from seqviz.plots.self_attention.heads import describe_heads, heads
from seqviz.traces.self_attention.records import HeadsTrace

WEIGHTS = np.random.default_rng(0).dirichlet(np.ones(3), size=(2, 2, 3))
TRACE = HeadsTrace(tokens=("a", "b", "c"), weights=WEIGHTS, said=(("x", 0.5), ("y", 0.75), ("z", 1.0)))


@pytest.mark.parametrize("word", range(3))
@pytest.mark.parametrize("head", range(4))
def test_rows_and_map_are_the_traces_and_the_frames_stand_around_head_and_word(word, head):
    shown = {trace.uid: trace for trace in heads(TRACE, word, head).figure.data}
    layer, of_layer = divmod(head, 2)
    np.testing.assert_array_equal(shown["map"].z, WEIGHTS[layer, of_layer])
    np.testing.assert_array_equal(np.array(shown["heads"].z)[head], WEIGHTS[layer, of_layer, word])
    np.testing.assert_array_equal(np.array(shown["heads"].z)[0], WEIGHTS[0, 0, word])
    assert (min(shown["focus"].y), max(shown["focus"].y)) == (head + 0.5, head + 1.5)
    assert (min(shown["word"].y), max(shown["word"].y)) == (word + 0.5, word + 1.5)


def test_the_sentence_names_the_focus_the_strictest_head_and_the_answer():
    weights = np.zeros((1, 2, 3, 3))
    weights[0, 0, 1], weights[0, 1, 1] = [0.7, 0.3, 0], [0, 0.1, 0.9]
    trace = HeadsTrace(tokens=("a", "b", "c"), weights=weights, said=TRACE.said)
    assert describe_heads(trace, 1, 0) == (
        "Head 1.1: word 2, “b”, looks at “a” 70% and “b” 30%. The strictest of all heads there is 1.2, 90% on “c”. "
        "The model answers “y” (75%)."
    )
