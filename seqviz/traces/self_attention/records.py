"""What was recorded of self-attention, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True, eq=False)
class StagesTrace:
    """One head of one layer over a sentence: every number between the vectors and what was read."""

    tokens: tuple[str, ...]
    layer: int  # from 0, as the head
    head: int
    q: Float[np.ndarray, "time key_size"]
    k: Float[np.ndarray, "time key_size"]
    v: Float[np.ndarray, "time key_size"]
    allowed: Bool[np.ndarray, "time time"]  # True where the query of the row may look at the key of the column

    @cached_property
    def products(self) -> Float[np.ndarray, "time time"]:
        """Every query's dot product with every key."""
        return self.q @ self.k.T

    @cached_property
    def scores(self) -> Float[np.ndarray, "time time"]:
        """The products by the root of the keys' size."""
        return self.products / np.sqrt(self.k.shape[1])

    @cached_property
    def weights(self) -> Float[np.ndarray, "time time"]:
        """The softmax of every row over what it may look at."""
        shown = np.where(self.allowed, self.scores, -np.inf)
        powers = np.exp(shown - shown.max(1, keepdims=True))
        return powers / powers.sum(1, keepdims=True)


@dataclass(frozen=True, eq=False)
class HeadsTrace:
    """Where every head of every layer looks in a sentence, and what the model says at every word."""

    tokens: tuple[str, ...]
    weights: Float[np.ndarray, "layer head time time"]
    said: tuple[tuple[str, float], ...]  # the likeliest word at every step, and its probability

    @property
    def names(self) -> tuple[str, ...]:
        """Layer and head of each, both counted from 1."""
        layers, heads = self.weights.shape[:2]
        return tuple(f"{layer + 1}.{head + 1}" for layer in range(layers) for head in range(heads))


@dataclass(frozen=True, eq=False)
class CutTrace:
    """What a word answers if one edge is cut in all heads of some layers, for each word at its other end in turn."""

    tokens: tuple[str, ...]
    asked: int  # the word that answers, from 0
    whose: str  # who may not look there any more
    layers: tuple[int, ...]  # in which layers, from 0
    outputs: tuple[str, ...]  # what may be answered
    own_weights: Float[np.ndarray, "layer time"]  # of the asked word, the mean of its heads, nothing cut
    own: Float[np.ndarray, " output"]  # probabilities with nothing cut
    cut: Float[np.ndarray, "time output"]  # … with the edge to this word cut


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
