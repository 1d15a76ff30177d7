"""A network that hears: for every frame of a sound, the log-probabilities of the labels and of a blank."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models.masks import real_steps
from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.recurrent_layers import GRULayer
from seqviz.models.stacked.tagger import Tagger


class Listener(nn.Module):
    r"""A GRU in either direction over frames, and an output layer.

    $$p_t = \text{softmax}(W_{hy} [\overrightarrow h_t; \overleftarrow h_t] + b_y) \qquad
      \overrightarrow h,\ \overleftarrow h\ \text{read}\ (x_t - \mu) / \sigma$$

    where x are the frames, μ and σ the mean and the standard deviation of all numbers in the frames that it was shown
    with `scale_to` (0 and 1 before), and label 0 is the blank.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, inputs: int, hidden: int, labels: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        forward_layer, backward_layer = (GRULayer(inputs, hidden, dtype=dtype) for _ in range(2))
        self.tagger = Tagger(Bidirectional(forward_layer, backward_layer), 2 * hidden, labels, dtype=dtype)
        self.register_buffer("mean", torch.zeros((), dtype=dtype))
        self.register_buffer("deviation", torch.ones((), dtype=dtype))

    def scale_to(self, frames: Float[Tensor, "batch time frequency"], lengths: Int[Tensor, " batch"]) -> None:
        """Take μ and σ from these frames, padding left out. Raises as `masks.real_steps`."""
        numbers = frames[real_steps(lengths, *frames.shape[:2])]
        self.mean, self.deviation = numbers.mean(), numbers.std(correction=0)

    def forward(
        self, frames: Float[Tensor, "batch time frequency"], lengths: Int[Tensor, " batch"] | None = None
    ) -> Float[Tensor, "batch time label"]:
        r"""Return $\log p_t$ of every label at every frame."""
        return self.tagger((frames - self.mean) / self.deviation, lengths).log_softmax(-1)
