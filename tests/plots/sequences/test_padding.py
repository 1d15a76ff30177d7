"""Every row of the padded batch is as long as the longest, and the share of padding is counted."""

import numpy as np
import pytest

from seqviz.plots.sequences.padding import describe_padding, longest_first, padding, padding_figure

LENGTHS = [3, 8, 1, 4]


def test_every_row_is_its_real_steps_and_padding_up_to_the_longest():
    real, padded = padding_figure(LENGTHS).data
    np.testing.assert_array_equal(real.x, [8, 4, 3, 1])
    np.testing.assert_array_equal(padded.x, 8)
    assert (real.fill, padded.fill) == ("tozerox", "tonextx")
    np.testing.assert_array_equal(real.y, padded.y)


def test_the_first_row_is_on_top():
    axis = padding_figure(LENGTHS).layout.yaxis
    assert axis.range[0] > axis.range[1]


def test_the_sentence_counts_the_padding_cell_by_cell():
    rectangle = np.zeros((4, 8), dtype=bool)
    for row, length in enumerate(LENGTHS):
        rectangle[row, :length] = True
    waste = f"{(~rectangle).mean():.0%}"
    assert waste == "50%"
    assert describe_padding(LENGTHS) == (
        f"4 sequences. The longest has 8 steps, half of them have at most 3: {waste} of the rectangle is padding."
    )
    assert padding(LENGTHS).sentence == describe_padding(LENGTHS)


@pytest.mark.parametrize("lengths", [[], [3, 0]])
def test_impossible_lengths_are_refused(lengths):
    with pytest.raises(ValueError, match="expected one or more, each at least 1"):
        longest_first(lengths)
