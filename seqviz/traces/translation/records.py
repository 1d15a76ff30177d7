"""What was recorded of a translation, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True, eq=False)
class AlignmentTrace:
    """What a translator with attention said by itself, where it looked, and which source steps are known to say it."""

    source: tuple[str, ...]
    said: tuple[str, ...]  # with the end, where it came to one
    right: str  # what it should have said, empty if nobody knows
    weights: Float[np.ndarray, "output source"]
    known: Bool[np.ndarray, "output source"]


@dataclass(frozen=True, eq=False)
class RedirectTrace:
    """One step of a translator, its attention set by hand to every source step in turn."""

    source: tuple[str, ...]
    outputs: tuple[str, ...]  # the tokens that may be said
    said: tuple[str, ...]  # by itself, up to the end
    step: int  # of the output, from 0
    share: float  # the weight that the chosen source step is given
    own_weights: Float[np.ndarray, " source"]
    own_probabilities: Float[np.ndarray, " token"]
    weights: Float[np.ndarray, "chosen source"]
    probabilities: Float[np.ndarray, "chosen token"]
    goes_on: tuple[tuple[str, ...], ...]  # for each chosen source step, the whole output
