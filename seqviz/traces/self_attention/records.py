"""What was kept of attention within a sequence."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class ClocksTrace:
    """Sinusoidal encodings of the positions 0, 1, 2 …, and how far each pair turns in so many steps."""

    layout: str
    base: float
    steps: int
    frequencies: Float[np.ndarray, " pair"]  # radians a step
    first: tuple[int, ...]  # for each pair the column of its sine …
    second: tuple[int, ...]  # … and that of its cosine
    encoding: Float[np.ndarray, "position column"]
    products: Float[np.ndarray, "position position"]  # of any two encodings
    movable: int  # how many positions there are with another one so many steps later


@dataclass(frozen=True, eq=False)
class OrderTrace:
    """What every word of a sentence reads as it is written, and after two words were exchanged."""

    words: tuple[str, ...]
    scheme: str
    order: tuple[int, ...]  # for each place of the new order, where the word was written
    written: Float[np.ndarray, "word word"]  # weights, as written
    now: Float[np.ndarray, "word word"]  # weights in the new order, both axes by the word's old place
    changed: Float[np.ndarray, " word"]  # how much what a word reads has changed, relative to what it read
