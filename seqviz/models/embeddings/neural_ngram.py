"""The first neural language model that learnt vectors of words: an n-gram whose context is looked up, not counted."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect


class NeuralNGram(nn.Module):
    r"""The next word from the vectors of the n − 1 words before it.

    $$P(y_t \mid y_{t-n+1} … y_{t-1}) = \operatorname{softmax}\bigl(W_{hy} \tanh(W_{xh} [e_{t-n+1}; …; e_{t-1}] + b_h)
    + b_y\bigr)$$

    where $e_t$ is the row of E that belongs to the word at t: the same E at every place of the context. E has one row
    more than there are words: the last one, with the index ``vocabulary``, stands before the beginning of a sentence.

    Raises ValueError when a size is below 1 or a context does not have n − 1 words.

    Source: Bengio et al. 2003, "A neural probabilistic language model", equation 1, without its direct connections
    from the vectors to the output (their W = 0).
    """

    def __init__(self, vocabulary: int, size: int, hidden: int, order: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(vocabulary=vocabulary, size=size, hidden=hidden, context=order - 1)
        inputs = (order - 1) * size
        self.order = order
        self.E = nn.Parameter(0.1 * torch.randn(vocabulary + 1, size, dtype=dtype))
        self.W_xh = nn.Parameter(torch.randn(hidden, inputs, dtype=dtype) / inputs**0.5)
        self.b_h = nn.Parameter(torch.zeros(hidden, dtype=dtype))
        self.W_hy = nn.Parameter(0.1 * torch.randn(vocabulary, hidden, dtype=dtype))
        self.b_y = nn.Parameter(torch.zeros(vocabulary, dtype=dtype))

    def forward(self, context: Int[Tensor, "batch context"]) -> Float[Tensor, "batch word"]:
        """Return the logits of the word that comes next."""
        expect.shape("context", context, {"batch": None, "context": self.order - 1})
        h = torch.tanh(self.E[context].flatten(1) @ self.W_xh.T + self.b_h)
        return h @ self.W_hy.T + self.b_y
