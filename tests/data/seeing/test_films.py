"""Digits move as the facts say and never leave the picture; one frame tells the digit and nothing else."""

from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.data.seeing.films import (
    DIGIT_NAMES,
    FILM_VOCABULARY,
    FRAME_SIZE,
    FRAMES,
    PACES,
    WAYS,
    Film,
    film_caption,
    films,
    frames,
)
from seqviz.data.sequences.moving_digit import digit_picture


def middles(film):
    shown = frames([film])[0]
    weight = shown.sum((1, 2))
    rows, columns = (shown.sum(axis) @ torch.arange(float(FRAME_SIZE)) / weight for axis in (2, 1))
    return rows, columns


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**31))
def test_the_digit_goes_its_way_at_its_pace_and_stays_whole(seed):
    (film,) = films(1, torch.Generator().manual_seed(seed))
    rows, columns = middles(film)
    down, across = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}[film.way]
    pixels = {"slowly": 1, "fast": 2}[film.pace]
    torch.testing.assert_close(rows.diff(), torch.full((FRAMES - 1,), float(down * pixels)), rtol=0, atol=1e-4)
    torch.testing.assert_close(columns.diff(), torch.full((FRAMES - 1,), float(across * pixels)), rtol=0, atol=1e-4)
    assert (frames([film]).sum((2, 3)) == digit_picture(film.digit).sum()).all()


def test_a_film_is_drawn_where_it_starts():
    shown = frames([Film(7, "right", "fast", 3, 1)])[0]
    assert torch.equal(shown[0, 3:10, 1:6], digit_picture(7))
    assert torch.equal(shown[4, 3:10, 9:14], digit_picture(7))


def test_digit_way_and_pace_are_drawn_evenly_and_do_not_depend_on_each_other():
    drawn = films(8000, torch.Generator().manual_seed(0))
    counts = Counter((film.digit, film.way, film.pace) for film in drawn)
    assert len(counts) == 10 * len(WAYS) * len(PACES)
    expected = len(drawn) / len(counts)
    assert all(abs(count - expected) < 5 * expected**0.5 for count in counts.values())


def test_every_place_that_leaves_room_is_used():
    starts = {film.left for film in films(3000, torch.Generator().manual_seed(1)) if film[1:3] == ("left", "fast")}
    assert starts == set(range(8, FRAME_SIZE - 5 + 1))


def test_the_caption_says_digit_way_and_pace_in_known_words():
    text = film_caption(Film(3, "left", "slowly", 4, 9))
    assert text == "the three goes left slowly"
    for digit in range(10):
        for way in WAYS:
            words = film_caption(Film(digit, way, "fast", 0, 0))
            assert FILM_VOCABULARY.decode(FILM_VOCABULARY.encode(words)) == words
    assert len(DIGIT_NAMES) == 10


def test_no_film_is_refused():
    with pytest.raises(ValueError, match="count: expected at least 1, got 0"):
        films(0, torch.Generator())
    with pytest.raises(ValueError, match="expected at least one film"):
        frames([])
