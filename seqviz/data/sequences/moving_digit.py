"""A short film: a digit of 5 × 7 pixels that flies through a square and bounces off its sides.

The task's form is that of Srivastava et al. 2015, "Unsupervised learning of video representations using LSTMs".
"""

import torch
from jaxtyping import Float
from torch import Tensor

_DRAWN = """
.###. ..#.. .###. #### ...#. ##### .###. ##### .###. .###.
#...# .##.. #...# ....# ..##. #.... #.... ....# #...# #...#
#..## ..#.. ....# ....# .#.#. ####. #.... ...#. #...# #...#
#.#.# ..#.. ...#. .###. #..#. ....# ####. ..#.. .###. .####
##..# ..#.. ..#.. ....# ##### ....# #...# .#... #...# ....#
#...# ..#.. .#... ....# ...#. #...# #...# .#... #...# ....#
.###. .###. ##### ####. ...#. .###. .###. .#... .###. .###.
"""
_ROWS = [[part.ljust(5, ".") for part in row.split()] for row in _DRAWN.split("\n") if row]


def digit_picture(digit: int) -> Float[Tensor, "7 5"]:
    """Return the picture of a digit: 1 where it is drawn. Raises ValueError for anything but 0 … 9."""
    if digit not in range(10):
        raise ValueError(f"digit: expected 0 … 9, got {digit}")
    return torch.tensor([[float(pixel == "#") for pixel in row[digit]] for row in _ROWS])


def moving_digit(
    digit: int, frames: int, size: int = 14, speed: tuple[int, int] = (1, 2)
) -> Float[Tensor, "time row column"]:
    """Film a digit that starts at the top left and moves by ``speed`` (rows, columns) from frame to frame.

    Raises ValueError when there is no frame or the digit does not fit into the square.
    """
    picture = digit_picture(digit)
    rows, columns = picture.shape
    if frames < 1:
        raise ValueError(f"frames: expected at least 1, got {frames}")
    if size < rows:
        raise ValueError(f"size: expected at least {rows}, the height of a digit, got {size}")
    film = torch.zeros(frames, size, size)
    for t in range(frames):
        top, left = _bounced(t * speed[0], size - rows), _bounced(t * speed[1], size - columns)
        film[t, top : top + rows, left : left + columns] = picture
    return film


def _bounced(way: int, room: int) -> int:
    """Return where one is after ``way`` steps to and fro between 0 and ``room``."""
    if room == 0:
        return 0
    within = way % (2 * room)
    return min(within, 2 * room - within)
