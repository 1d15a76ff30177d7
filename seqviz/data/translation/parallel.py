"""Pairs of token sequences that say the same in two languages, as padded batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Int
from torch import Tensor

from seqviz.data.tokenizer import EOS, PAD, Tokenizer

Tokens = tuple[str, ...]


class Batch(NamedTuple):
    """Padded rows; a target ends with ``<eos>``, which its length counts."""

    source: Int[Tensor, "batch source"]
    source_lengths: Int[Tensor, " batch"]
    target: Int[Tensor, "batch target"]
    target_lengths: Int[Tensor, " batch"]


@dataclass(frozen=True)
class ParallelText:
    """Pairs of token sequences, and the tokenizer of either side, both with the special tokens."""

    pairs: tuple[tuple[Tokens, Tokens], ...]
    source: Tokenizer
    target: Tokenizer

    @classmethod
    def of(cls, pairs: Sequence[tuple[Tokens, Tokens]]) -> "ParallelText":
        """Make the tokenizers of what occurs in the pairs, in alphabetical order."""
        sides = [sorted({token for pair in pairs for token in pair[side]}) for side in range(2)]
        return cls(tuple(pairs), *(Tokenizer.of_words(side, special=True) for side in sides))

    def __len__(self) -> int:
        return len(self.pairs)

    def read(self, source: str) -> Int[Tensor, " time"]:
        """Return the tokens of a source, one for each character.

        Raises ValueError for an empty source, and for tokens that were never learned.
        """
        indices = self.source.encode(tuple(source))
        strange = [character for character in source if character not in self.source]
        if strange:
            raise ValueError(f"expected what was learned, got {', '.join(map(repr, dict.fromkeys(strange)))}")
        return indices

    def batch(self, rows: Sequence[int]) -> Batch:
        """Return some of the pairs, padded to the longest among them."""
        pairs = [self.pairs[row] for row in rows]
        source, source_lengths = padded([self.source.encode(pair[0]) for pair in pairs])
        end = torch.tensor([EOS])
        target, target_lengths = padded([torch.cat([self.target.encode(pair[1]), end]) for pair in pairs])
        return Batch(source, source_lengths, target, target_lengths)


def padded(rows: Sequence[Int[Tensor, " _"]]) -> tuple[Int[Tensor, "batch time"], Int[Tensor, " batch"]]:
    """Return rows of different lengths with ``<pad>`` behind the shorter ones, and their lengths."""
    return torch.nn.utils.rnn.pad_sequence(list(rows), True, PAD), torch.tensor([len(row) for row in rows])
