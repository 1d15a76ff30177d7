"""Skip-gram: from a word, its neighbours."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.embeddings.negative_sampling import negative_sampling_loss


class SkipGram(nn.Module):
    r"""Two vectors for each word: $e_w$ where it is the word, $o_w$ where it is the context of another.

    where E starts small at random and O at 0, so that at first every pair is as likely as not. E is what is kept.

    Source: Mikolov et al. 2013, "Distributed representations of words and phrases and their compositionality".
    """

    def __init__(self, vocabulary: int, size: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(vocabulary=vocabulary, size=size)
        self.E = nn.Parameter(0.1 * torch.randn(vocabulary, size, dtype=dtype))
        self.O = nn.Parameter(torch.zeros(vocabulary, size, dtype=dtype))

    def forward(
        self, pairs: Int[Tensor, "batch 2"], negatives: Int[Tensor, "batch negative"]
    ) -> Float[Tensor, " batch"]:
        """Return the loss of every pair (word, context word) with its negatives."""
        expect.shape("pairs", pairs, {"batch": None, "2": 2})
        return negative_sampling_loss(self.E[pairs[:, 0]], self.O[pairs[:, 1]], self.O[negatives])
