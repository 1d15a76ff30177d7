"""The digit as far as it was read, and the beliefs after every step."""

import numpy as np
import pytest

from seqviz.plots.classification.digit import describe_digit, digit
from seqviz.traces.classification.records import DigitTrace

RNG = np.random.default_rng(0)


def beliefs(best: list[int]) -> np.ndarray:
    rows = np.full((len(best), 10), 0.05)
    rows[np.arange(len(best)), best] = 0.55
    return rows


POINTS = np.array([[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [1.0, 1.0]])
LIFTED = np.array([False, True, False])
ROWS = DigitTrace(picture=RNG.uniform(size=(4, 4)), points=POINTS, lifted=LIFTED, beliefs=beliefs([1, 7, 7, 2]))
PEN = DigitTrace(picture=None, points=POINTS, lifted=LIFTED, beliefs=beliefs([4, 4, 4]))


@pytest.mark.parametrize("step", [0, 2, 3])
def test_rows_that_were_not_read_are_pale(step: int):
    picture, now, all_beliefs, frame = digit(ROWS, step).figure.data
    assert ROWS.picture is not None
    np.testing.assert_array_equal(picture.z[: step + 1], ROWS.picture[: step + 1])
    np.testing.assert_array_equal(picture.z[step + 1 :], 0.25 * ROWS.picture[step + 1 :])
    assert list(now.y) == [step + 0.5] * 2
    np.testing.assert_array_equal(all_beliefs.z, ROWS.beliefs.T)
    assert (min(frame.x), max(frame.x)) == (step + 0.5, step + 1.5)


def test_the_pen_is_where_it_was_and_leaves_nothing_where_it_was_lifted():
    whole, read, now, all_beliefs, _ = digit(PEN, 1).figure.data
    assert (list(now.x), list(now.y)) == ([0.5], [1.0])
    nan = np.nan
    np.testing.assert_array_equal(read.x, [0, 0.25, 0.5, nan, 0.5, nan, nan])
    np.testing.assert_array_equal(read.y, [0, 0, 0, nan, 1, nan, nan])
    np.testing.assert_array_equal(whole.x, [0, 0.25, 0.5, nan, 0.5, 0.75, 1])
    np.testing.assert_array_equal(all_beliefs.z, PEN.beliefs.T)


def test_the_sentence_says_the_likeliest_and_the_changes_of_mind():
    assert describe_digit(ROWS, 1) == (
        "After row 2 of 4: 7 with 55%, 0 with 5%, 1 with 5%. "
        "It changed its mind twice, the last time at row 4, from 7 to 2."
    )
    assert describe_digit(PEN, 0) == "After step 1 of 3: 4 with 55%, 0 with 5%, 1 with 5%. It never changed its mind."
    once = DigitTrace(picture=None, points=POINTS, lifted=LIFTED, beliefs=beliefs([4, 9, 9]))
    assert describe_digit(once, 0).endswith("It changed its mind once, the last time at step 2, from 4 to 9.")
