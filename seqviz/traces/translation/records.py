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


@dataclass(frozen=True, eq=False)
class BLEUTrace:
    """A translation beside its references, and what its BLEU is made of."""

    tokens: tuple[str, ...]
    references: tuple[tuple[str, ...], ...]
    matched: Bool[np.ndarray, "order token"]  # the token stands in an n-gram of this order that counts
    matches: tuple[int, ...]  # for each order
    totals: tuple[int, ...]
    precisions: tuple[float, ...]
    brevity_penalty: float
    reference_length: int
    score: float


@dataclass(frozen=True, eq=False)
class BottleneckTrace:
    """A source read token by token, and what each translator makes of what it has read so far."""

    tokens: tuple[str, ...]
    names: tuple[str, ...]
    right: tuple[str, ...]  # the translation of the first 1, 2, … tokens
    said: tuple[tuple[str, ...], ...]  # for each translator, its own translation of them
    probabilities: Float[np.ndarray, "translator step"]  # that a translator gives the right one, as a whole


@dataclass(frozen=True)
class Branch:
    """A hypothesis that a step of a beam looked at."""

    token: str
    parent: int  # its number among the branches of the step before, −1 at the root
    probability: float  # of this token, after the hypothesis that it continues
    log_probability: float  # of the whole hypothesis, in nats
    kept: bool
    ended: bool
    rank: int  # of the finished output it ends, the best is 1; 0 if it ends none


@dataclass(frozen=True, eq=False)
class BeamTrace:
    """A beam search, step by step, with the branches that it cut off."""

    source: str
    width: int
    alpha: float
    steps: tuple[tuple[Branch, ...], ...]
    outputs: tuple[tuple[str, float, float], ...]  # text, log-probability and score of each output, the best first
