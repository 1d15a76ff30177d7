"""GloVe: the logarithms of counts, factorised directly."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.models import expect


def glove_weight(X: Float[Tensor, "*axes"], largest: float = 100.0, power: float = 0.75) -> Float[Tensor, "*axes"]:
    r"""How much a count weighs: $f(x) = \min(x / x_{\max}, 1)^{3/4}$.

    Source: Pennington et al. 2014, equation 9.
    """
    return (X / largest).clamp(max=1) ** power


class GloVe(nn.Module):
    r"""Two vectors and two biases for each word, whose products are to be the logarithms of the counts.

    $$\sum_{w,c:\, X_{wc} > 0} f(X_{wc}) \bigl(e_w \cdot o_c + b_w + \tilde b_c - \log X_{wc}\bigr)^2$$

    where f is `glove_weight`. A pair that never came up has no logarithm and is left out: nothing says that its words
    do *not* go together. What is kept is the sum E + O (section 4.2), here `vectors`.

    Raises ValueError when X is not square or has a negative entry.

    Source: Pennington et al. 2014, "GloVe: global vectors for word representation", equation 8.
    """

    def __init__(self, vocabulary: int, size: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(vocabulary=vocabulary, size=size)
        self.E = nn.Parameter(0.1 * torch.randn(vocabulary, size, dtype=dtype))
        self.O = nn.Parameter(0.1 * torch.randn(vocabulary, size, dtype=dtype))
        self.b = nn.Parameter(torch.zeros(vocabulary, dtype=dtype))
        self.b_context = nn.Parameter(torch.zeros(vocabulary, dtype=dtype))

    def forward(self, X: Float[Tensor, "word context"], largest: float = 100.0) -> Float[Tensor, ""]:
        """Return the loss over all pairs that came up."""
        expect.shape("X", X, {"word": len(self.E), "context": len(self.E)})
        if bool((X < 0).any()):
            raise ValueError(f"X: expected counts from 0 up, got {X.min().item()}")
        w, c = X.nonzero(as_tuple=True)
        x = X[w, c].to(self.E.dtype)
        error = (self.E[w] * self.O[c]).sum(-1) + self.b[w] + self.b_context[c] - x.log()
        return (glove_weight(x, largest) * error**2).sum()

    @property
    def vectors(self) -> Float[Tensor, "word size"]:
        """E + O, without gradients."""
        return (self.E + self.O).detach()
