"""A digit flies through a square."""

import pytest
import torch

from seqviz.data.sequences.moving_digit import digit_picture, moving_digit


def test_ten_different_digits():
    pictures = {tuple(digit_picture(digit).flatten().tolist()) for digit in range(10)}
    assert len(pictures) == 10
    assert digit_picture(1).shape == (7, 5)
    assert digit_picture(1)[:, 2].all()


def test_every_frame_holds_the_whole_digit_one_step_further_until_it_bounces():
    film = moving_digit(7, frames=30, size=10, speed=(1, 2))
    rows = [0, 1, 2, 3, 2, 1] * 5
    columns = [0, 2, 4, 4, 2] * 6  # 0 2 4 6→4 8→2 10→0: the room of 5 is walked to and fro
    for frame, top, left in zip(film, rows, columns, strict=True):
        assert torch.equal(frame[top : top + 7, left : left + 5], digit_picture(7))
        assert frame.sum() == digit_picture(7).sum()


def test_impossible_films_are_refused():
    with pytest.raises(ValueError, match="digit: expected 0 … 9, got 10"):
        digit_picture(10)
    with pytest.raises(ValueError, match="frames: expected at least 1"):
        moving_digit(3, 0)
    with pytest.raises(ValueError, match="size: expected at least 7"):
        moving_digit(3, 4, size=6)
    assert moving_digit(3, 4, size=7).shape == (4, 7, 7)
