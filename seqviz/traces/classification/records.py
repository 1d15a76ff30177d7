"""What classifiers believed while they read, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True, eq=False)
class BeliefTrace:
    """How probable several classifiers held a *yes* after every token of a text, and without each of its tokens."""

    tokens: tuple[str, ...]
    models: tuple[str, ...]
    beliefs: Float[np.ndarray, "model time"]  # after each token, of the beginning alone
    # without the token: what was believed after each other one. NaN where nothing had been read; at the token left out
    # stands what was believed before it
    without: Float[np.ndarray, "model token time"]

    def turns(self, model: int) -> Float[np.ndarray, " token"]:
        """How much the verdict on the whole text changes with each token: positive where the token speaks for *yes*."""
        return self.beliefs[model, -1] - self.without[model, :, -1]


@dataclass(frozen=True, eq=False)
class DigitTrace:
    """A drawn digit, the part of it that was read at every step, and how probable each digit was held then."""

    picture: Float[np.ndarray, "row column"] | None  # where it is read row by row
    points: Float[np.ndarray, "point 2"]  # where the pen was before its first step and after each one
    lifted: Bool[np.ndarray, " step"]  # whether the pen was up during the step
    beliefs: Float[np.ndarray, "time digit"]

    def best(self, step: int) -> int:
        """The digit that was held the most probable after a step."""
        return int(self.beliefs[step].argmax())
