"""A text under two models: the picture holds the bits of every token and what one model had expected."""

import numpy as np
import pytest

from seqviz.plots.language.sentence import MOST_BITS, Reading, describe_sentence, sentence, surprise_levels
from seqviz.traces.language.records import SentenceTrace

P = {
    "counted": np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]]),
    "trained": np.array([[0.25, 0.25, 0.5], [0.00001, 0.5, 0.49999]]),
}
TRACE = SentenceTrace(tokens=("b", "a"), outputs=("a", "b", " "), places=np.array([1, 0]), probabilities=P)


@pytest.mark.parametrize("step", [0, 1])
@pytest.mark.parametrize("model", P)
def test_bits_expectations_and_what_came_are_drawn(model: str, step: int):
    counted, trained, mark, expected, came = sentence(TRACE, model, step).figure.data
    np.testing.assert_allclose(counted.y, [2, 3])
    np.testing.assert_allclose(trained.y, [2, MOST_BITS], err_msg="a surprise beyond the axis lies on its end")
    assert list(mark.x) == [step, step]
    np.testing.assert_array_equal(expected.x, P[model][step])
    assert list(expected.y) == ["a", "b", "␣"]
    only = np.arange(3) == TRACE.places[step]
    np.testing.assert_array_equal(came.x, P[model][step] * only)


def test_the_sentence_says_what_was_expected_and_what_it_cost():
    said = describe_sentence(Reading(TRACE, "counted"), 1)
    assert said == (
        "counted, after “b”: it expected “b” 75%, “a” 12%, “␣” 12%. “a” came, with 12.5 %, 3.0 bits. "
        "The whole text: 2 to the power of −5.0. Bits for each token: counted 2.50, trained 9.30."
    )


def test_what_was_sure_is_light():
    np.testing.assert_allclose(surprise_levels(Reading(TRACE, "counted")), [1 - 2 / MOST_BITS, 1 - 3 / MOST_BITS])
    assert surprise_levels(Reading(TRACE, "trained"))[1] == 0


def test_an_unknown_model_is_refused():
    with pytest.raises(ValueError, match="model: expected one of 'counted', 'trained', got 'other'"):
        sentence(TRACE, "other", 0)
