"""What directions and layers know, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int


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


@dataclass(frozen=True, eq=False)
class PackingTrace:
    """A packed batch: which step of which sequence stands at each place of its data, rows and steps from 0."""

    sequences: tuple[tuple[str, ...], ...]  # in the order of the padded batch
    rows: Int[np.ndarray, " data"]
    steps: Int[np.ndarray, " data"]
    batch_sizes: Int[np.ndarray, " time"]


@dataclass(frozen=True, eq=False)
class BidirectionalTrace:
    """One unit of each direction along a sequence, and the score of the likeliest tag of every step.

    The first direction reads forwards, the second backwards.
    """

    tokens: tuple[str, ...]
    unit: int
    sums: Float[np.ndarray, "direction=2 time part=3"]  # inside the tanh: of x_t, of the state one step back, the bias
    states: Float[np.ndarray, "direction=2 time"]
    answers: tuple[str, ...]  # the likeliest tag of every step
    scores: Float[np.ndarray, "time part=3"]  # its logit: what comes of both directions' states, and the bias
    probabilities: Float[np.ndarray, " time"]


@dataclass(frozen=True, eq=False)
class DeepTrace:
    """One unit of every layer of a stack along a sequence, the lowest layer first."""

    tokens: tuple[str, ...]
    unit: int
    sums: Float[np.ndarray, "layer time part=3"]  # inside the tanh: of the layer below, of the step before, the bias
    states: Float[np.ndarray, "layer time"]
