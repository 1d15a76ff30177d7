"""A network that gives a whole sequence one answer."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.classification.pooling import POOLINGS
from seqviz.models.recurrent_network import output_layer
from seqviz.models.torch_weights import start_uniform


class SequenceClassifier(nn.Module):
    r"""Any layer, one vector made of its states, and scores: $\text{logits} = W_{hy}\, p + b_y$.

    where p is what ``pooling``, one of `pooling.POOLINGS`, makes of the states, and hidden their size. With ``between``
    there is a layer of so many units in front of the scores, $W_{hy} \tanh(W p + b) + b_y$.

    Raises ValueError for an unknown pooling.
    """

    def __init__(
        self,
        layer: nn.Module,
        hidden: int,
        outputs: int,
        pooling: str,
        between: int | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.one_of("pooling", pooling, POOLINGS)
        self.layer, self.pooling = layer, pooling
        self.between = None if between is None else nn.Linear(hidden, between, dtype=dtype)
        size = between or hidden
        self.W_hy = nn.Parameter(torch.empty(outputs, size, dtype=dtype))
        start_uniform([self.W_hy], size)
        self.b_y = nn.Parameter(torch.zeros(outputs, dtype=dtype))

    def forward(
        self, x: Float[Tensor, "batch time input"], lengths: Int[Tensor, " batch"] | None = None
    ) -> Float[Tensor, "batch output"]:
        """Return the logits of every sequence."""
        states, _ = self.layer(x, None, lengths)
        pooled = POOLINGS[self.pooling](states, lengths)
        if self.between is not None:
            pooled = torch.tanh(self.between(pooled))
        return output_layer(pooled, self.W_hy, self.b_y)

    def after_every_step(self, x: Float[Tensor, "time input"]) -> Float[Tensor, "time output"]:
        """Return the logits for the first step alone, for the first two, and so on: a batch of beginnings."""
        time = len(x)
        return self(x.expand(time, -1, -1), torch.arange(1, time + 1))
