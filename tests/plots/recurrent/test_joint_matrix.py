"""The blocks of the joint matrix stand in the order of the vector's parts."""

from itertools import pairwise

import numpy as np
import pytest

from seqviz.plots.recurrent.joint_matrix import describe_joint_matrix, joint_matrix, joint_parts

RANDOM = np.random.default_rng(0)
W_hh, W_xh, h, x = (RANDOM.normal(size=shape) for shape in ((3, 3), (3, 5), 3, 5))


def test_the_product_of_the_blocks_is_the_sum_of_two_products():
    joint, stacked, product = joint_parts(W_hh, W_xh, h, x).values()
    np.testing.assert_array_equal(joint[:, :3], W_hh)
    np.testing.assert_array_equal(joint[:, 3:], W_xh)
    np.testing.assert_array_equal(stacked[:, 0], [*h, *x])
    np.testing.assert_allclose(product[:, 0], W_hh @ h + W_xh @ x, rtol=0, atol=1e-12)


def test_the_three_parts_are_drawn_side_by_side_in_one_colour_scale():
    figure = joint_matrix(W_hh, W_xh, h, x).figure
    for drawn, part in zip(figure.data, joint_parts(W_hh, W_xh, h, x).values(), strict=True):
        np.testing.assert_array_equal(np.array(drawn.z), part)
        assert (drawn.zmin, drawn.zmax) == (figure.data[0].zmin, figure.data[0].zmax)
    ends = [(min(drawn.x), max(drawn.x)) for drawn in figure.data]
    assert all(right < left for (_, right), (left, _) in pairwise(ends)), "no two overlap"
    seam, _ = figure.layout.shapes
    assert (seam.x0, seam.x1) == (2.5, 2.5), "between column 3 of W_hh and column 1 of W_xh"


def test_the_sentence_says_which_block_meets_which_part():
    assert describe_joint_matrix(W_hh, W_xh, h, x) == (
        "A matrix of 3 rows and 8 columns: the first 3 are W_hh, the other 5 W_xh. "
        "Beside it a vector of 8 numbers: h on top meets W_hh, x below meets W_xh. "
        "The product has 3 numbers, one for each unit."
    )


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"W_xh: expected shape \(3, 5\), got \(3, 3\)"):
        joint_matrix(W_hh, W_hh, h, x)
