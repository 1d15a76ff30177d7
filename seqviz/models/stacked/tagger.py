"""A network that gives every step of a sequence a label."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models.recurrent_network import output_layer
from seqviz.models.torch_weights import start_uniform


class Tagger(nn.Module):
    r"""A recurrent layer, or any stack of them, and scores for every step: $\text{logits}_t = W_{hy} h_t + b_y$.

    where hidden is the size of the layer's states.
    """

    def __init__(self, layer: nn.Module, hidden: int, outputs: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        self.layer = layer
        self.W_hy = nn.Parameter(torch.empty(outputs, hidden, dtype=dtype))
        start_uniform([self.W_hy], hidden)
        self.b_y = nn.Parameter(torch.zeros(outputs, dtype=dtype))

    def forward(
        self, x: Float[Tensor, "batch time input"], lengths: Int[Tensor, " batch"] | None = None
    ) -> Float[Tensor, "batch time output"]:
        """Return the logits of every step."""
        states, _ = self.layer(x, None, lengths)
        return output_layer(states, self.W_hy, self.b_y)
