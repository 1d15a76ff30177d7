"""What was asked of vectors of words and what they answered, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True, eq=False)
class AnalogyTrace:
    """One pair a → b carried over to every word c of a map: where the sum lies, and what is near to it."""

    pair: tuple[str, str]
    words: tuple[str, ...]  # of the map
    places: Float[np.ndarray, "word 2"]  # on the map; the first axis runs along a → b
    sums: Float[np.ndarray, "word 2"]  # where b − a + c lies on the map, for every c
    cosines: Float[np.ndarray, "word near"]  # of b − a + c with each word of the map, in the full space
    others: tuple[str, ...]  # for every c: the nearest of all words that are not on the map
    other_cosines: Float[np.ndarray, " word"]
    query_left_out: bool

    def is_asked(self, c: int) -> np.ndarray:
        """Which words of the map may be the answer when c is the third word."""
        query = {*self.pair, self.words[c]}
        return np.array([not (self.query_left_out and word in query) for word in self.words])

    def answer(self, c: int) -> int | None:
        """The place of the answer on the map, or None where the answer is another word."""
        cosines = np.where(self.is_asked(c), self.cosines[c], -np.inf)
        best = int(cosines.argmax())
        return best if cosines[best] >= self.other_cosines[c] else None


@dataclass(frozen=True, eq=False)
class CooccurrenceTrace:
    """A table of what stands near what, and what vectors of every length make of it."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    unit: str  # what an entry is
    table: Float[np.ndarray, "row column"]  # as counted, after the hidden pair was taken out
    sizes: Int[np.ndarray, " size"]
    products: Float[np.ndarray, "size row column"]  # of vectors of that length
    hidden: tuple[str, str] | None  # the pair that the counts are not told of
    truth: float  # its entry, had it been counted; NaN without one
