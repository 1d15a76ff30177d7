"""What models without a state make of a whole sequence, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int


@dataclass(frozen=True, eq=False)
class ShiftTrace:
    """One pattern at every place of the same noise, and what models answer to each of these sequences."""

    right: str  # the name of the right answer
    starts: Int[np.ndarray, " place"]  # the step, counted from 0, where the pattern begins
    trained: Bool[np.ndarray, " place"]  # whether the models saw the pattern there in training
    width: int  # the length of the pattern in steps
    inputs: Float[np.ndarray, "place time"]
    probabilities: dict[str, Float[np.ndarray, " place"]]  # of the right answer, for each model


@dataclass(frozen=True, eq=False)
class WindowTrace:
    """One window of weights at every place of a sequence, and the sum it makes there."""

    inputs: Float[np.ndarray, " time"]
    weights: Float[np.ndarray, " width"]
    outputs: Float[np.ndarray, " place"]  # a place for each step at which the whole window fits
