"""Two surfaces and their gap: which way the axes go, and where the gap is widest."""

import numpy as np

from seqviz.plots.gated import reset_surfaces

AXIS = np.array([-1.0, 0.0, 1.0])
BEFORE = np.array([[0.0, 1, 2], [3, 4, 5], [6, 7, 8]])  # h_1 down the rows
AFTER = BEFORE + np.array([[0, 0, -2.0], [0, 0, 0], [0, 1, 0]])


def test_the_first_state_goes_to_the_right_and_the_second_up():
    figure = reset_surfaces.reset_surfaces(AXIS, BEFORE, AFTER).figure
    for drawn, values in zip(figure.data, (BEFORE, AFTER, AFTER - BEFORE), strict=True):
        np.testing.assert_array_equal(drawn.z, values.T)
        np.testing.assert_array_equal(drawn.x, AXIS)
    assert (figure.data[0].zmax, figure.data[1].zmax, figure.data[2].zmax) == (8, 8, 2)


def test_the_sentence_says_where_the_gap_is_widest():
    assert reset_surfaces.describe_reset_surfaces(AXIS, BEFORE, AFTER).endswith(
        "furthest apart at h_1 = −1.0 and h_2 = 1.0: 2.00 with the reset before the matrix, 0.00 with the reset "
        "after it."
    )
