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
