"""What a story is painted by, and what the picture says of the cell that follows."""

import numpy as np
import pytest

from seqviz.plots.gated.story import describe_story, levels, story, story_figure
from seqviz.traces.gated.records import StoryTrace

HELD = np.array([[0.1, 0.5], [0.1, -0.1], [0.9, -0.5], [0.5, -0.7]])  # 4 words, 2 cells
TRUTH = np.array([False, False, True, True])


def read(cell: int) -> StoryTrace:
    return StoryTrace(tokens=("the", "boy", "uncles", "were"), held=HELD, fact="plural", truth=TRUTH, cell=cell)


def test_the_cell_is_measured_by_its_two_means_high_or_low():
    # cell 0: means 0.1 and 0.7; cell 1, low where the fact holds: 0.2 and −0.6
    np.testing.assert_allclose(read(0).follows, [0, 0, 8 / 6, 4 / 6])
    np.testing.assert_allclose(read(1).follows, [-3 / 8, 3 / 8, 7 / 8, 9 / 8])


def test_words_are_painted_by_the_one_that_follows_or_by_any_cell_as_it_is():
    painted = levels(read(1))
    np.testing.assert_allclose(painted[0], [0, 3 / 8, 7 / 8, 1])
    np.testing.assert_allclose(painted[1:], (1 + HELD.T) / 2)


def test_the_picture_holds_the_truth_the_cell_and_all_cells():
    truth, follower, every, *_ = story_figure(read(0)).data
    assert list(truth.y) == [0, 0, 1, 1]
    np.testing.assert_allclose(follower.y, [0, 0, 8 / 6, 4 / 6])
    np.testing.assert_array_equal(every.z, HELD.T)


@pytest.mark.parametrize("step", range(4))
def test_the_selected_word_is_marked_in_both_panels(step):
    *_, mark, frame = story(read(0), step).figure.data
    assert list(mark.x) == [step + 1, step + 1]
    assert (min(frame.x), max(frame.x)) == (step + 0.5, step + 1.5)


def test_the_sentence_says_where_the_cell_stands_and_how_often_it_is_right():
    assert describe_story(read(1), 1) == (
        "Word 2 of 4, “boy”: the subject is not plural. Cell 2 stands at 0.38, where 1 is its mean "
        "at words of a plural subject and 0 at all others; it is nearer to the right one at 100% of these words."
    )
    turned = StoryTrace(tokens=tuple("abcd"), held=-HELD[::-1], fact="far", truth=TRUTH[[0, 2, 3, 1]], cell=0)
    right = ((turned.follows > 0.5) == turned.truth).mean()
    assert f"at {right:.0%} of these words" in describe_story(turned, 2)
    assert right < 1
