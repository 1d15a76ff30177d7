"""Images of the unit circle: the ellipse, its longest half axis and the eigenvectors."""

import math

import numpy as np
import pytest

from seqviz.plots.recurrent.ellipses import ellipses, gather_stretch

UPRIGHT = np.array([[0.8, 0.0], [0.0, 0.5]])
LEANING = np.array([[0.8, 2.0], [0.0, 0.5]])


def test_a_normal_matrix_stretches_most_along_an_eigenvector():
    stretch = gather_stretch(UPRIGHT, [1])
    assert stretch.radius == stretch.largest == 0.8
    np.testing.assert_allclose(stretch.longest_axis, [0.8, 0], atol=1e-12)
    np.testing.assert_allclose(stretch.eigenvectors, [[0.8, 0], [0, 0.5]], atol=1e-12)


def test_another_matrix_stretches_more_than_its_radius():
    stretch = gather_stretch(LEANING, [1])
    # the larger eigenvalue of W W^T, by hand
    square = LEANING @ LEANING.T
    half, det = square.trace() / 2, np.linalg.det(square)
    assert stretch.largest == pytest.approx(math.sqrt(half + math.sqrt(half**2 - det)), abs=1e-12)
    assert stretch.radius == pytest.approx(0.8)
    for value, vector in zip((0.8, 0.5), stretch.eigenvectors, strict=True):
        np.testing.assert_allclose(LEANING @ vector, value * vector, atol=1e-12)
        assert np.linalg.norm(vector) == pytest.approx(value)


@pytest.mark.parametrize("W", [UPRIGHT, LEANING], ids=["normal", "not normal"])
def test_images_are_the_circle_under_each_power_and_reach_as_far_as_the_norm(W):
    images = gather_stretch(W, [1, 3]).images
    for power, image in zip((1, 3), images, strict=True):
        start = np.linalg.solve(np.linalg.matrix_power(W, power), image.T)
        np.testing.assert_allclose(np.linalg.norm(start, axis=0), 1, atol=1e-9)
        longest = np.linalg.norm(np.linalg.matrix_power(W, power), 2)
        assert np.linalg.norm(image, axis=1).max() == pytest.approx(longest, rel=1e-3)


def test_a_rotation_has_no_eigenvectors_to_draw():
    with pytest.raises(ValueError, match="real eigenvalues"):
        gather_stretch(np.array([[0.0, -1.0], [1.0, 0.0]]), [1])


def test_each_matrix_has_its_curves_and_the_legend_names_them_once():
    figure = ellipses({"normal": UPRIGHT, "not normal": LEANING}).figure
    assert len(figure.data) == 2 * 6
    assert [trace.name for trace in figure.data if trace.showlegend] == [
        "unit circle",
        "σ, longest half axis",
        "λv, eigenvectors",
        "after 1 step",
        "after 2 steps",
        "after 4 steps",
    ]
    assert figure.layout.yaxis.scaleanchor == "x"
    assert figure.layout.yaxis2.scaleanchor == "x2"


def test_the_sentence_says_both_numbers_and_the_course():
    assert ellipses({"normal": UPRIGHT}).sentence == (
        "normal: spectral radius 0.80, largest singular value 0.80; the longest half axis of the circle's image is "
        "0.80, 0.64 and 0.41 after 1, 2 and 4 steps."
    )
