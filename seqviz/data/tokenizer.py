"""Text as numbers and back, by characters or by words."""

from collections.abc import Iterable, Sequence
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

# Where a tokenizer has special tokens, it has all of them, first and in this order, so their indices are fixed.
SPECIAL_TOKENS = ("<pad>", "<bos>", "<eos>", "<unk>", "<mask>", "<cls>", "<sep>")
PAD, BOS, EOS, UNK, MASK, CLS, SEP = range(len(SPECIAL_TOKENS))
UNKNOWN = SPECIAL_TOKENS[UNK]

Unit = Literal["character", "word"]


class Tokenizer:
    """A fixed order of tokens: ``encode`` gives each its index, ``one_hot`` its column of the identity.

    where a text is cut into characters or, at spaces, into words. Where ``<unk>`` is one of the tokens, it stands for
    every token that is not, and ``unknown`` is its index; otherwise that is None and an unknown token is an error.
    """

    def __init__(self, tokens: Iterable[str], unit: Unit) -> None:
        self.tokens = tuple(dict.fromkeys(tokens))
        self.unit: Unit = unit
        if not self.tokens:
            raise ValueError(f"expected at least one {unit}, got none")
        self._index = {token: i for i, token in enumerate(self.tokens)}
        self.unknown = self._index.get(UNKNOWN)

    @classmethod
    def of_characters(cls, characters: Iterable[str], *, special: bool = False) -> "Tokenizer":
        """Make a tokenizer of single characters, after the special tokens if these are asked for."""
        return cls([*(SPECIAL_TOKENS if special else ()), *characters], "character")

    @classmethod
    def of_words(cls, words: Iterable[str], *, special: bool = False) -> "Tokenizer":
        """Make a tokenizer of words, after the special tokens if these are asked for."""
        return cls([*(SPECIAL_TOKENS if special else ()), *words], "word")

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: str) -> bool:
        return token in self._index

    def __repr__(self) -> str:
        return f"<Tokenizer of {len(self)} {self.unit}s>"

    def split(self, text: str) -> tuple[str, ...]:
        """Cut a text into tokens, whether they are known or not."""
        return tuple(text) if self.unit == "character" else tuple(text.split())

    def encode(self, text: str | Sequence[str]) -> Int[Tensor, " time"]:
        """Return the index of every token of a text, or of tokens that are cut already.

        Raises ValueError without a token, or naming the unknown ones where nothing stands for these.
        """
        tokens = self.split(text) if isinstance(text, str) else tuple(text)
        if not tokens:
            raise ValueError(f"expected at least one {self.unit}, got an empty text")
        unknown = sorted({token for token in tokens if token not in self._index})
        if unknown and self.unknown is None:
            known = f"characters of {''.join(self.tokens)!r}" if self.unit == "character" else "known words"
            raise ValueError(f"expected only {known}, got {', '.join(map(repr, unknown))}")
        return torch.tensor([self._index.get(token, self.unknown) for token in tokens])

    def decode(self, indices: Int[Tensor, " time"]) -> str:
        """Return the text of the indices."""
        return ("" if self.unit == "character" else " ").join(self.tokens_of(indices))

    def tokens_of(self, indices: Int[Tensor, " time"]) -> tuple[str, ...]:
        """Return the token of every index."""
        return tuple(self.tokens[i] for i in indices.tolist())

    def one_hot(
        self, indices: Int[Tensor, "*axes"], dtype: torch.dtype = torch.float32
    ) -> Float[Tensor, "*axes input"]:
        """Return, for every index, a vector of zeros with a one at the index."""
        return torch.nn.functional.one_hot(indices, len(self)).to(dtype)
