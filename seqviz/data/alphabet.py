"""Characters as numbers and back."""

from collections.abc import Iterable

import torch
from jaxtyping import Float, Int
from torch import Tensor


class Alphabet:
    """A fixed order of characters: ``encode`` gives each its index, ``one_hot`` its column of the identity."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(dict.fromkeys(characters))
        if not self.characters:
            raise ValueError("expected at least one character, got none")
        self._index = {character: i for i, character in enumerate(self.characters)}

    def __len__(self) -> int:
        return len(self.characters)

    def __repr__(self) -> str:
        return f"Alphabet({''.join(self.characters)!r})"

    def encode(self, text: str) -> Int[Tensor, " time"]:
        """Return the index of every character. Raises ValueError naming characters that are not in the alphabet."""
        if not text:
            raise ValueError("expected at least one character, got an empty text")
        unknown = sorted(set(text) - set(self.characters))
        if unknown:
            came = ", ".join(repr(character) for character in unknown)
            raise ValueError(f"expected only characters of {''.join(self.characters)!r}, got {came}")
        return torch.tensor([self._index[character] for character in text])

    def decode(self, indices: Int[Tensor, " time"]) -> str:
        """Return the text of the indices."""
        return "".join(self.characters[i] for i in indices.tolist())

    def one_hot(
        self, indices: Int[Tensor, "*axes"], dtype: torch.dtype = torch.float32
    ) -> Float[Tensor, "*axes input"]:
        """Return, for every index, a vector of zeros with a one at the index."""
        return torch.nn.functional.one_hot(indices, len(self)).to(dtype)
