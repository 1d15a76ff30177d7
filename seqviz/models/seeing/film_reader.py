r"""Reading a film: every frame by one layer, and the frames in their order by an LSTM."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.gated.lstm import LSTM
from seqviz.models.torch_weights import start_uniform


class FrameReader(nn.Module):
    r"""Read one frame: $f = \operatorname{relu}(W_f x + b_f)$ and $\text{logits} = W_y f + b_y$.

    where x holds the pixels of the frame, row after row.
    """

    def __init__(self, pixels: int, features: int, outputs: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(pixels=pixels, features=features, outputs=outputs)
        self.W_f = nn.Parameter(torch.empty(features, pixels, dtype=dtype))
        self.b_f = nn.Parameter(torch.empty(features, dtype=dtype))
        self.W_y = nn.Parameter(torch.empty(outputs, features, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(outputs, dtype=dtype))
        start_uniform([self.W_f, self.b_f], pixels)
        start_uniform([self.W_y, self.b_y], features)

    def see(self, frames: Float[Tensor, "*axes pixel"]) -> Float[Tensor, "*axes feature"]:
        """Return the features of every frame."""
        return torch.relu(frames @ self.W_f.T + self.b_f)

    def forward(self, frames: Float[Tensor, "*axes pixel"]) -> Float[Tensor, "*axes output"]:
        """Return the logits of every frame."""
        return self.see(frames) @ self.W_y.T + self.b_y


class ClipReader(nn.Module):
    r"""Read a whole film: $h_t, c_t = \text{LSTM}(f(x_t), h_{t-1}, c_{t-1})$ and logits from $h_T$.

    where f are the features of a `FrameReader`, which this one learns to change. The states $h_1 … h_T$ are what a
    captioner can look at, one annotation for each frame.

    Source: Donahue et al. 2015, "Long-term recurrent convolutional networks for visual recognition and description",
    section 3, with one layer in the place of their convolutions, and the last step's answer.
    """

    def __init__(self, frames: FrameReader, hidden: int, outputs: int) -> None:
        super().__init__()
        self.frames = frames
        self.lstm = LSTM(len(frames.W_f), hidden, outputs, dtype=frames.W_f.dtype)

    def states(self, film: Float[Tensor, "batch time pixel"]) -> Float[Tensor, "batch time hidden"]:
        """Return the state after every frame."""
        return self.lstm(self.frames.see(film))[1]

    def forward(self, film: Float[Tensor, "batch time pixel"]) -> Float[Tensor, "batch output"]:
        """Return the logits of every film."""
        return self.lstm(self.frames.see(film))[0][:, -1]
