"""Rest points of one unit: the curve, where it turns, and the dots on it."""

import numpy as np
import pytest

from seqviz.plots.recurrent.rest_points import gather_rest_points, rest_points

B = np.array([-2.7, -2.49, -2.51, -2.3])
REACHED = np.array([0.1, 0.8, 0.15, 0.9])


def test_every_point_of_the_curve_stays_where_it_is():
    rest = gather_rest_points(5.0)
    np.testing.assert_allclose(1 / (1 + np.exp(-(5 * rest.h + rest.b))), rest.h, atol=1e-12)


def test_a_point_attracts_where_a_nudge_shrinks():
    rest = gather_rest_points(5.0)
    nudged = 1 / (1 + np.exp(-(5 * (rest.h + 1e-6) + rest.b)))
    np.testing.assert_allclose((nudged - rest.h) / 1e-6, rest.factor, atol=1e-5)


@pytest.mark.parametrize("w", [4.5, 5.0, 6.0])
def test_between_the_edges_there_are_three_places_and_outside_one(w):
    between = gather_rest_points(w).between
    assert between is not None
    low, high = between

    def crossings(b):
        return np.count_nonzero(np.diff(np.sign(gather_rest_points(w, 20_001).b - b)))

    assert [crossings(b) for b in (low - 0.01, low + 0.01, high - 0.01, high + 0.01)] == [1, 3, 3, 1]


@pytest.mark.parametrize("w", [1.0, 4.0])
def test_a_small_weight_has_one_place_to_rest(w):
    assert gather_rest_points(w).between is None
    assert rest_points(w, B, REACHED, 50).sentence == f"w = {w:g}: one place to rest for every b."


def test_picture_shows_the_curve_in_two_parts_and_the_dots_as_given():
    attracts, repels, dots = rest_points(5.0, B, REACHED, 50).figure.data
    rest = gather_rest_points(5.0)
    np.testing.assert_array_equal(np.isnan(attracts.x), rest.factor >= 1)
    np.testing.assert_array_equal(np.isnan(repels.x), rest.factor < 1)
    np.testing.assert_array_equal(dots.x, B)
    np.testing.assert_array_equal(dots.y, REACHED)


def test_the_sentence_says_the_edges_and_the_jump():
    assert rest_points(5.0, B, REACHED, 50).sentence == (
        "w = 5: two places that attract, and one between them that repels, for b from −2.656 to −2.344; outside, one. "
        "After 50 steps the state is at 0.15 for b = −2.510 and at 0.80 for b = −2.490."
    )
