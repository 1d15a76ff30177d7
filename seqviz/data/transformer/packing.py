"""Two sentences as one sequence: ``<cls> first <sep> second <sep>``, and a segment for every token.

Source: Devlin et al. 2019, "BERT: pre-training of deep bidirectional transformers for language understanding", figure
2; where a pair is too long, the longer sentence is cut at its end as in the code of theirs (``_truncate_seq_pair``).
"""

from collections.abc import Iterable
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from seqviz.data.tokenizer import CLS, PAD, SEP


class Packed(NamedTuple):
    """Tokens and segments of one sequence, or of a batch of them: 0 up to the first ``<sep>``, 1 up to the second."""

    tokens: Int[Tensor, "*batch time"]
    segments: Int[Tensor, "*batch time"]

    @property
    def real(self) -> Bool[Tensor, "*batch time"]:
        """True where a token is not padding."""
        return self.tokens != PAD


def pack_pair(first: Int[Tensor, " first"], second: Int[Tensor, " second"] | None, length: int) -> Packed:
    """Return a pair, or one sentence alone, as a sequence of that length.

    where a token of the longer sentence is dropped at its end for as long as the pair is too long; of two sentences
    equally long, the second loses it. Padding has the segment 0. Raises ValueError where nothing of a sentence is left.
    """
    sentences = [first] if second is None else [first, second]
    kept = _shortened([len(sentence) for sentence in sentences], length - 1 - len(sentences))
    if min(kept) < 1:
        raise ValueError(f"length: expected room for a word of every sentence, got {length}")
    tokens = torch.full((length,), PAD)
    segments = torch.zeros_like(tokens)
    tokens[0], end = CLS, 1
    for number, (sentence, words) in enumerate(zip(sentences, kept, strict=True)):
        start, end = end, end + words + 1
        tokens[start : end - 1], tokens[end - 1] = sentence[:words], SEP
        segments[start:end] = number
    return Packed(tokens, segments)


def pack_batch(rows: Iterable[Packed]) -> Packed:
    """Return sequences of one length as a batch."""
    tokens, segments = zip(*rows, strict=True)
    return Packed(torch.stack(tokens), torch.stack(segments))


def _shortened(lengths: list[int], room: int) -> list[int]:
    kept = list(lengths)
    while sum(kept) > room:
        # of equal ones the last
        longest = max(range(len(kept)), key=lambda number: (kept[number], number))
        kept[longest] -= 1
    return kept
