"""Frames side by side: every pixel is there, in its frame."""

import numpy as np

from seqviz.plots.sequences.film import describe_film, film_figure, film_strip

FILM = np.random.default_rng(0).uniform(size=(3, 4, 5))


def test_the_strip_holds_every_frame_and_nothing_between_them():
    strip = film_strip(FILM)
    assert strip.shape == (4, 3 * 5 + 2)
    for t, frame in enumerate(FILM):
        np.testing.assert_array_equal(strip[:, 6 * t : 6 * t + 5], frame)
    assert np.isnan(strip[:, [5, 11]]).all()


def test_the_picture_shows_the_strip_with_row_0_on_top_and_each_step_over_its_frame():
    figure = film_figure(FILM)
    np.testing.assert_array_equal(np.array(figure.data[0].z), film_strip(FILM))
    assert figure.layout.yaxis.range == (3.5, -0.5)
    assert figure.layout.xaxis.tickvals == (2, 8, 14)
    assert figure.layout.xaxis.ticktext == ("t = 1", "t = 2", "t = 3")


def test_the_sentence_follows_what_is_bright():
    film = np.zeros((2, 4, 5))
    film[0, 0, 0] = 1
    film[1, 2:4, 4] = 0.5  # rows 3 and 4, of one brightness
    assert describe_film(film) == (
        "2 frames of 4 × 5 pixels. The middle of what is drawn: row 1 column 1, row 4 column 5."
    )
    assert "row 0 column 0" in describe_film(np.zeros((1, 4, 5))), "nothing drawn is nowhere"
