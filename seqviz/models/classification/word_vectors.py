"""A layer without any recurrence: every step becomes a vector, whatever stands before or after it."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect


class WordVectors(nn.Module):
    r"""A `recurrent_layers.Layer` without a memory: $h_t = E x_t$, and with a one-hot $x_t$ a column of $E$.

    The columns start from a normal distribution of variance 1 / hidden, so that a vector has a length of about 1.
    """

    def __init__(self, inputs: int, hidden: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(inputs=inputs, hidden=hidden)
        self.E = nn.Parameter(torch.randn(hidden, inputs, dtype=dtype) / hidden**0.5)

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        initial: Any = None,  # noqa: ARG002 as every layer has it
        lengths: Int[Tensor, " batch"] | None = None,  # noqa: ARG002 as every layer has it
    ) -> tuple[Float[Tensor, "batch time hidden"], None]:
        """Return the vector of every step, and None: nothing is carried on."""
        return x @ self.E.T, None
