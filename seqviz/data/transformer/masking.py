"""Tokens hidden from a model that is to say what stood there: of those chosen, not all look hidden.

Of the chosen ones, 80 % become ``<mask>``, 10 % some other token, and 10 % stay as they are. All of them are asked for,
so the model cannot tell by the look of a token whether it is asked. Source: Devlin et al. 2019, "BERT: pre-training of
deep bidirectional transformers for language understanding", section 3.1 and appendix A.1.
"""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Generator, Tensor

from seqviz.data.tokenizer import MASK, SPECIAL_TOKENS

MASKED, REPLACED = 0.8, 0.1  # shares of those chosen; the rest is kept


class Masked(NamedTuple):
    """What the model is shown, and at which places it is asked what stood there."""

    tokens: Int[Tensor, "*batch time"]
    chosen: Bool[Tensor, "*batch time"]


def mask_tokens(
    tokens: Int[Tensor, "*batch time"], vocabulary: int, generator: Generator, share: float = 0.15
) -> Masked:
    """Choose each token with the probability ``share``, and hide what was chosen. Special tokens never are.

    where vocabulary is the number of all tokens, special ones included: a token in the place of another is drawn from
    the words, and may be the same one. The draws are, in this order: who is chosen, what becomes of it, which word.

    Raises ValueError for a share outside of 0 … 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share: expected a number in 0 … 1, got {share}")
    special = len(SPECIAL_TOKENS)
    chosen = (torch.rand(tokens.shape, generator=generator) < share) & (tokens >= special)
    kind = torch.rand(tokens.shape, generator=generator)
    words = torch.randint(special, vocabulary, tokens.shape, generator=generator)
    hidden = tokens.masked_fill(chosen & (kind < MASKED), MASK)
    replaced = chosen & (kind >= MASKED) & (kind < MASKED + REPLACED)
    return Masked(torch.where(replaced, words, hidden), chosen)
