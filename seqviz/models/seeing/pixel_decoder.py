r"""From a name to a picture: a picture as a row of tokens, one for each pixel, written one after another."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor, nn

from seqviz.models import expect
from seqviz.models.decoding import sample
from seqviz.models.stacked.recurrent_layers import GRULayer
from seqviz.models.torch_weights import start_uniform


class Drawing(NamedTuple):
    """The state of a picture that is being drawn."""

    h: Float[Tensor, "batch hidden"]
    drawn: Int[Tensor, "batch pixel"]  # what was read so far: the start token, then pixels
    name: Int[Tensor, " batch"]


class PixelDecoder(nn.Module):
    r"""Write the pixels of a picture row after row, told what it is to show.

    $$h_t = \text{GRU}([E\, x_{t-1};\; U\, x_{t-w};\; P_t;\; C\, y],\, h_{t-1}) \qquad
      \text{logits}_t = W_o h_t + b_o$$

    where $x_t$ is the grey level of pixel t, w the width of the picture, so that $x_{t-1}$ is the pixel before and
    $x_{t-w}$ the one above, $P_t$ a vector for each place and $C\, y$ one for each name. Before the first pixel, and
    above the first row, stands a start token, the one after all grey levels.

    Source: van den Oord et al. 2016, "Pixel recurrent neural networks", section 2, conditioned on a name as in their
    "Conditional image generation with PixelCNN decoders"; text and picture as one row of tokens is the idea of Ramesh
    et al. 2021, "Zero-shot text-to-image generation".
    """

    def __init__(self, levels: int, names: int, rows: int, width: int, embedding: int, hidden: int) -> None:
        super().__init__()
        expect.at_least_one(levels=levels, names=names, rows=rows, width=width, embedding=embedding)
        self.levels, self.width, self.pixels = levels, width, rows * width
        self.E = nn.Parameter(torch.randn(levels + 1, embedding))
        self.U = nn.Parameter(torch.randn(levels + 1, embedding))
        self.P = nn.Parameter(0.3 * torch.randn(self.pixels, embedding))
        self.C = nn.Parameter(torch.randn(names, embedding))
        self.cell = GRULayer(4 * embedding, hidden)
        self.W_o = nn.Parameter(torch.empty(levels, hidden))
        self.b_o = nn.Parameter(torch.empty(levels))
        start_uniform([self.W_o, self.b_o], hidden)

    def forward(
        self, pixels: Int[Tensor, "batch pixel"], name: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch pixel level"]:
        """Return the logits of every pixel, told the right ones before it."""
        start = torch.full((len(pixels), self.width), self.levels)
        before = torch.cat([start[:, :1], pixels[:, :-1]], 1)
        above = torch.cat([start, pixels[:, : -self.width]], 1)
        named = self.C[name][:, None].expand(-1, self.pixels, -1)
        x = torch.cat([self.E[before], self.U[above], self.P.expand(len(pixels), -1, -1), named], -1)
        states, _ = self.cell(x)
        return states @ self.W_o.T + self.b_o

    def start(self, name: Int[Tensor, " batch"]) -> Drawing:
        """Return the state before the start token is read."""
        nothing = self.W_o.new_zeros(len(name), self.W_o.shape[1])
        return Drawing(nothing, name.new_zeros(len(name), 0), name)

    def step(self, token: Int[Tensor, " batch"], state: Drawing) -> tuple[Float[Tensor, "batch level"], Drawing]:
        """Read one token of every row: the decode step (`decoding.DecodeStep`).

        Raises ValueError where all pixels are drawn.
        """
        drawn = torch.cat([state.drawn, token[:, None]], 1)
        place = drawn.shape[1] - 1  # of the pixel that comes next
        if place >= self.pixels:
            raise ValueError(f"expected at most {self.pixels} pixels, got one more")
        above = drawn[:, place - self.width + 1] if place >= self.width else torch.full_like(token, self.levels)
        x = [self.E[token], self.U[above], self.P[place].expand(len(token), -1), self.C[state.name]]
        _, h = self.cell(torch.cat(x, -1)[:, None], state.h)
        return (h @ self.W_o.T + self.b_o).log_softmax(-1), Drawing(h, drawn, state.name)

    def draw(
        self, name: Int[Tensor, " batch"], generator: Generator | None = None, temperature: float = 1.0
    ) -> Int[Tensor, "batch pixel"]:
        """Draw a picture for every name, pixel by pixel, each from the probabilities of its step."""
        first = torch.full_like(name, self.levels)
        return sample(self.step, self.start(name), first, self.pixels, generator, temperature=temperature)
