"""Continuous bag of words: from the mean of the neighbours, the word between them."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.embeddings.negative_sampling import negative_sampling_loss


class CBOW(nn.Module):
    r"""Two vectors for each word, as in skip-gram; $e$ is the mean over the context, and o belongs to the word.

    $$e = \frac{1}{|C|} \sum_{c \in C} e_c$$

    where C is the context without its padding, the index ``vocabulary``. The order of the context does not count.

    Raises ValueError when sizes do not fit or a context is all padding.

    Source: Mikolov et al. 2013, "Efficient estimation of word representations in vector space", section 3.1, trained
    with the negative sampling of their second paper.
    """

    def __init__(self, vocabulary: int, size: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(vocabulary=vocabulary, size=size)
        self.vocabulary = vocabulary
        self.E = nn.Parameter(0.1 * torch.randn(vocabulary, size, dtype=dtype))
        self.O = nn.Parameter(torch.zeros(vocabulary, size, dtype=dtype))

    def forward(
        self,
        context: Int[Tensor, "batch context"],
        word: Int[Tensor, " batch"],
        negatives: Int[Tensor, "batch negative"],
    ) -> Float[Tensor, " batch"]:
        """Return the loss of every word in its context, with its negatives."""
        expect.shape("word", word, {"batch": len(context)})
        real: Bool[Tensor, "batch context"] = context < self.vocabulary
        if not bool(real.any(1).all()):
            raise ValueError("context: expected at least one word in every row, got one with padding alone")
        vectors = self.E[torch.where(real, context, 0)]
        e = torch.where(real[..., None], vectors, 0.0).sum(1) / real.sum(1, keepdim=True)
        return negative_sampling_loss(e, self.O[word], self.O[negatives])
