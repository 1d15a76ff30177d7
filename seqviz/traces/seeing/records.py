"""What was recorded of a picture and its words, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True, eq=False)
class GazeTrace:
    """A caption that a network wrote by itself, where it looked for every word, and whether it is true."""

    picture: Float[np.ndarray, "3 row column"]
    words: tuple[str, ...]  # with the end, where it came to one
    weights: Float[np.ndarray, "word cell"]  # row after row of the grid
    named: Bool[np.ndarray, "word cell"]  # the cells of the thing that a word names; none where it names none
    fault: str | None  # what is wrong with the caption

    @property
    def caption(self) -> str:
        """The words without the end."""
        return " ".join(word for word in self.words if word != "<eos>")
