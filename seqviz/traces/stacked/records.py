"""What directions and layers know, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class DirectionsTrace:
    """What several readers of one sequence believe about each of its steps: the probability of every tag."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]  # the first one says that there is nothing, "O" for a word that belongs to no name
    readers: tuple[str, ...]
    probabilities: Float[np.ndarray, "reader time tag"]

    @cached_property
    def something(self) -> Float[np.ndarray, "reader time"]:
        """The probability of any tag but the first."""
        return 1 - self.probabilities[..., 0]

    def best(self, reader: int, step: int) -> str:
        """Return the tag that a reader finds likeliest."""
        return self.tags[int(self.probabilities[reader, step].argmax())]


@dataclass(frozen=True, eq=False)
class SpreadTrace:
    """How far each state of a stack moves when one input is erased."""

    tokens: tuple[str, ...]
    rows: tuple[str, ...]  # the input, then every layer from the lowest on, in two parts where it has two directions
    changes: Float[np.ndarray, "erased row time"]  # Euclidean distance; exactly 0 where nothing moves
