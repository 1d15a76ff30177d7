"""Vectors learnt without any probability: a true window of text must score higher than a spoilt one."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect


class WindowRanker(nn.Module):
    r"""One number for a window of words: how much it looks like text.

    $$f(w_1 … w_k) = u^\top \tanh(W_{xh} [e_1; …; e_k] + b_h)$$

    where $e_i$ is the row of E that belongs to the i-th word. E has one row more than there are words: the last one,
    with the index ``vocabulary``, stands where a sentence does not reach.

    Raises ValueError when a size is below 1 or a window has another width.

    Source: Collobert & Weston 2008, "A unified architecture for natural language processing", section 4.
    """

    def __init__(self, vocabulary: int, size: int, hidden: int, width: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(vocabulary=vocabulary, size=size, hidden=hidden, width=width)
        self.width = width
        self.E = nn.Parameter(0.1 * torch.randn(vocabulary + 1, size, dtype=dtype))
        self.W_xh = nn.Parameter(torch.randn(hidden, width * size, dtype=dtype) / (width * size) ** 0.5)
        self.b_h = nn.Parameter(torch.zeros(hidden, dtype=dtype))
        self.u = nn.Parameter(0.1 * torch.randn(hidden, dtype=dtype))

    def forward(self, window: Int[Tensor, "batch width"]) -> Float[Tensor, " batch"]:
        """Return the score of each window."""
        expect.shape("window", window, {"batch": None, "width": self.width})
        return torch.tanh(self.E[window].flatten(1) @ self.W_xh.T + self.b_h) @ self.u


def ranking_loss(true: Float[Tensor, " batch"], spoilt: Float[Tensor, " batch"]) -> Float[Tensor, " batch"]:
    r"""The hinge $\max(0, 1 - f(\text{true}) + f(\text{spoilt}))$ of each pair of windows.

    where the spoilt window has another word in its middle. A pair that is 1 apart teaches nothing more.

    Source: Collobert & Weston 2008, equation 2.
    """
    expect.shape("spoilt", spoilt, {"batch": len(true)})
    return (1 - true + spoilt).clamp(min=0)
