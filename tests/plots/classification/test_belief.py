"""Curves of belief, the one without the selected word, and what every word adds."""

import numpy as np
import pytest

from seqviz.plots.classification.belief import Verdict, belief, belief_levels, describe_belief
from seqviz.traces.classification.records import BeliefTrace

NAN = np.nan
WITHOUT = np.array(
    [
        [[NAN, 0.4, 0.5], [0.5, 0.5, 0.75], [0.5, 0.4, 0.4]],
        [[NAN, 0.9, 0.875], [0.5, 0.5, 0.25], [0.5, 0.1, 0.1]],
    ]
)
BELIEFS = np.array([[0.5, 0.4, 0.5], [0.5, 0.1, 0.125]])
TRACE = BeliefTrace(tokens=("it", "not", "bad"), models=("mean", "LSTM"), beliefs=BELIEFS, without=WITHOUT)


@pytest.mark.parametrize("model", [0, 1])
@pytest.mark.parametrize("step", [0, 2])
def test_beliefs_with_and_without_a_word_and_what_words_add_are_drawn(model: int, step: int):
    first, second, without, mark, adds, frame = belief(TRACE, TRACE.models[model], step).figure.data
    np.testing.assert_array_equal([first.y, second.y], BELIEFS)
    np.testing.assert_array_equal(without.y, WITHOUT[model, step])
    assert list(mark.x) == [step + 1, step + 1]
    np.testing.assert_array_equal(adds.y, BELIEFS[model, -1] - WITHOUT[model, :, -1])
    assert (min(frame.x), max(frame.x)) == (step + 0.5, step + 1.5)


def test_the_word_that_turns_the_verdict_is_the_one_without_which_it_differs_most():
    assert Verdict(TRACE, "LSTM").turning == 0
    assert Verdict(TRACE, "mean").turning == 1
    alone = BeliefTrace(("a",), ("m",), np.array([[0.3]]), np.full((1, 1, 1), NAN))
    assert Verdict(alone, "m").turning == 0
    assert list(belief(alone, "m", 0).figure.data[3].y) == [0]


def test_the_sentence_says_what_the_word_did():
    assert describe_belief(Verdict(TRACE, "LSTM"), 1) == (
        "LSTM, word 2 of 3, “not”: positive with 10%, 50% before it. "
        "The whole text: 12%; without “not” 25%. Others on the whole text: mean 50%."
    )
    alone = BeliefTrace(("a",), ("m",), np.array([[0.3]]), np.full((1, 1, 1), NAN))
    assert describe_belief(Verdict(alone, "m"), 0) == "m, word 1 of 1, “a”: positive with 30%. The whole text: 30%."


def test_colours_are_beliefs():
    np.testing.assert_array_equal(belief_levels(Verdict(TRACE, "LSTM")), BELIEFS[1])


def test_an_unknown_classifier_is_refused():
    with pytest.raises(ValueError, match="model: expected one of 'mean', 'LSTM', got 'max'"):
        belief(TRACE, "max", 0)
