"""Films of a digit that moves, what can be said of them, and whether it is true.

A digit goes one way at an even pace: which digit it is stands in every frame, where it goes in none, only in their
order. The task follows Srivastava et al. 2015, "Unsupervised learning of video representations using LSTMs"; captions
of films follow Venugopalan et al. 2015, "Sequence to sequence – video to text".
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from seqviz.data.sequences.moving_digit import digit_picture
from seqviz.data.tokenizer import Tokenizer

DIGIT_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
WAYS = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}  # rows, columns
PACES = {"slowly": 1, "fast": 2}  # pixels from frame to frame
FRAMES, FRAME_SIZE = 5, 16
FILM_VOCABULARY = Tokenizer.of_words(("the", *DIGIT_NAMES, "goes", *WAYS, *PACES), special=True)


class Film(NamedTuple):
    """A digit, which way it goes and how fast, and where its upper left corner is in the first frame."""

    digit: int
    way: str
    pace: str
    top: int
    left: int


def films(count: int, generator: Generator) -> list[Film]:
    """Draw films; the digit never leaves the picture. Raises ValueError for a count below 1."""
    if count < 1:
        raise ValueError(f"count: expected at least 1, got {count}")
    highs = torch.tensor([10, len(WAYS), len(PACES)])
    kinds = (torch.rand(count, 3, generator=generator) * highs).long().tolist()
    return [_placed(digit, tuple(WAYS)[way], tuple(PACES)[pace], generator) for digit, way, pace in kinds]


def _placed(digit: int, way: str, pace: str, generator: Generator) -> Film:
    corner = []
    for step, side in zip(WAYS[way], digit_picture(digit).shape, strict=True):
        travels = step * PACES[pace] * (FRAMES - 1)  # from the first frame to the last
        low, high = max(0, -travels), FRAME_SIZE - side - max(0, travels)
        corner.append(int(torch.randint(low, high + 1, (), generator=generator)))
    return Film(digit, way, pace, *corner)


def frames(drawn: Sequence[Film]) -> Float[Tensor, "batch time row column"]:
    """Return the frames of every film: 1 where the digit is. Raises ValueError without films."""
    if not drawn:
        raise ValueError("expected at least one film, got none")
    shown = torch.zeros(len(drawn), FRAMES, FRAME_SIZE, FRAME_SIZE)
    for row, film in enumerate(drawn):
        picture = digit_picture(film.digit)
        height, width = picture.shape
        for t in range(FRAMES):
            down, across = (step * PACES[film.pace] * t for step in WAYS[film.way])
            top, left = film.top + down, film.left + across
            shown[row, t, top : top + height, left : left + width] = picture
    return shown


def film_caption(film: Film) -> str:
    """Return what happens, such as “the three goes left slowly”; of a film, it is the only true sentence."""
    return f"the {DIGIT_NAMES[film.digit]} goes {film.way} {film.pace}"
