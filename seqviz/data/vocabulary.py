"""Words as numbers and back."""

from collections.abc import Iterable, Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

UNKNOWN = "<unk>"  # stands for every word that has no number of its own


class Vocabulary:
    """A fixed order of words. Where `UNKNOWN` is one of them, it stands for every word that is not."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(dict.fromkeys(words))
        if not self.words:
            raise ValueError("expected at least one word, got none")
        self._index = {word: i for i, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._index

    def encode(self, words: Sequence[str]) -> Int[Tensor, " time"]:
        """Return the index of every word.

        Raises ValueError without a word, or naming words that are not known where nothing stands for these.
        """
        if not words:
            raise ValueError("expected at least one word, got none")
        unknown = sorted({word for word in words if word not in self._index})
        if unknown and UNKNOWN not in self._index:
            raise ValueError(f"expected only known words, got {', '.join(map(repr, unknown))}")
        return torch.tensor([self._index.get(word, self._index.get(UNKNOWN, -1)) for word in words])

    def decode(self, indices: Int[Tensor, " time"]) -> tuple[str, ...]:
        """Return the words of the indices."""
        return tuple(self.words[i] for i in indices.tolist())

    def one_hot(
        self, indices: Int[Tensor, "*axes"], dtype: torch.dtype = torch.float32
    ) -> Float[Tensor, "*axes input"]:
        """Return, for every index, a vector of zeros with a one at the index."""
        return torch.nn.functional.one_hot(indices, len(self)).to(dtype)
