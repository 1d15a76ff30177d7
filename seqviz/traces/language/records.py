"""What language models said of a text, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True, eq=False)
class SentenceTrace:
    """What several models expected at every token of a text, before they had read it."""

    tokens: tuple[str, ...]
    outputs: tuple[str, ...]  # every token there is
    places: Int[np.ndarray, " time"]  # of the text's tokens among the outputs
    probabilities: dict[str, Float[np.ndarray, "time output"]]  # for each model

    def bits(self, model: str) -> Float[np.ndarray, " time"]:
        r"""The surprise of every token, $-\log_2 P(y_t \mid y_1 … y_{t-1})$."""
        return -np.log2(self.probabilities[model][np.arange(len(self.tokens)), self.places])


@dataclass(frozen=True, eq=False)
class SamplingTrace:
    """The next token's probabilities at several temperatures, and which token one number falls on at each."""

    outputs: tuple[str, ...]  # from the likeliest down: no temperature changes this order
    expected: Float[np.ndarray, " output"]  # as the model says
    temperatures: Float[np.ndarray, " temperature"]
    probabilities: Float[np.ndarray, "temperature output"]  # after temperature and cut
    u: float  # the number, between 0 and 1
    drawn: Int[np.ndarray, " temperature"]  # the place, among the outputs, of the token it falls on
