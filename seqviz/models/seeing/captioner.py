r"""Captions for pictures: decoders that get a picture once, or look at its cells again before every word.

A picture is a grid of annotations $a_i$, one for each cell, row after row: what a convolutional network sees there and,
by `with_places`, where that is. A decoder's state holds what it needs of them, so that `decoding` and `search` need not
know of pictures.
"""

from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.gated.lstm import lstm_step
from seqviz.models.recurrent_network import Memory
from seqviz.models.torch_weights import start_uniform
from seqviz.models.translation.attention import additive_scores, attend


def with_places(cells: Float[Tensor, "batch cell channel"], rows: int) -> Float[Tensor, "batch cell annotation"]:
    r"""Append to every cell of a grid where its middle is: across and down, from −1 to 1.

    Raises ValueError unless the cells fill so many rows.
    """
    expect.at_least_one(rows=rows)
    if cells.shape[1] % rows:
        raise ValueError(f"rows: expected a divisor of {cells.shape[1]}, the number of cells, got {rows}")
    columns = cells.shape[1] // rows
    down, across = ((2 * torch.arange(sides, dtype=cells.dtype) + 1) / sides - 1 for sides in (rows, columns))
    places = torch.stack([across.repeat(rows), down.repeat_interleave(columns)], -1)
    return torch.cat([cells, places.expand(len(cells), -1, -1)], -1)


class Looking(NamedTuple):
    """The state of a decoder that looks at a picture."""

    h: Float[Tensor, "batch hidden"]
    c: Float[Tensor, "batch hidden"]
    annotations: Float[Tensor, "batch cell annotation"]


class Word(NamedTuple):
    """What one step says, where it looked, if it can look, and the state after it."""

    logits: Float[Tensor, "batch token"]
    weights: Float[Tensor, "batch cell"] | None
    state: Any


class Captioner(nn.Module):
    """What the two decoders share: word vectors, an LSTM, the loop over a caption, and the decode step."""

    def __init__(self, tokens: int, embedding: int, hidden: int, inputs: int, dtype: torch.dtype | None) -> None:
        super().__init__()
        expect.at_least_one(tokens=tokens, embedding=embedding, hidden=hidden)
        self.E_y = nn.Parameter(torch.randn(tokens, embedding, dtype=dtype))
        self.W_x = nn.Parameter(torch.empty(4 * hidden, inputs, dtype=dtype))
        self.W_h = nn.Parameter(torch.empty(4 * hidden, hidden, dtype=dtype))
        self.b = nn.Parameter(torch.empty(4 * hidden, dtype=dtype))
        start_uniform([self.W_x, self.W_h, self.b], hidden)

    def encode(self, annotations: Float[Tensor, "batch cell annotation"]) -> Any:
        """Return the state before the first word."""
        raise NotImplementedError

    def look(self, token: Int[Tensor, " batch"], state: Any) -> Word:
        """Read one token of every row."""
        raise NotImplementedError

    def step(self, token: Int[Tensor, " batch"], state: Any) -> tuple[Float[Tensor, "batch token"], Any]:
        """Read one token of every row: the decode step (`decoding.DecodeStep`) of sampling and of every search."""
        said = self.look(token, state)
        return said.logits.log_softmax(-1), said.state

    def forward(
        self, annotations: Float[Tensor, "batch cell annotation"], words_in: Int[Tensor, "batch time"]
    ) -> tuple[Float[Tensor, "batch time token"], Float[Tensor, "batch time cell"] | None]:
        """Return the logits of every word (teacher forcing), and where each step looked, if it can look."""
        state, said = self.encode(annotations), []
        for token in words_in.unbind(1):
            said.append(self.look(token, state))
            state = said[-1].state
        return torch.stack([word.logits for word in said], 1), _stacked([word.weights for word in said])

    @torch.no_grad()
    def write(
        self, annotations: Float[Tensor, "batch cell annotation"], start: int, length: int
    ) -> tuple[Int[Tensor, "batch time"], Float[Tensor, "batch time cell"] | None]:
        """Write ``length`` tokens for every picture, always the likeliest one, and tell where each step looked.

        What comes after an end token has no meaning. Raises ValueError for a length below 1.
        """
        expect.at_least_one(length=length)
        state, tokens, weights = self.encode(annotations), [], []
        token = torch.full((len(annotations),), start)
        for _ in range(length):
            said = self.look(token, state)
            token, state = said.logits.argmax(-1), said.state
            tokens.append(token)
            weights.append(said.weights)
        return torch.stack(tokens, 1), _stacked(weights)


def _stacked(weights: list[Tensor | None]) -> Tensor | None:
    looked = [one for one in weights if one is not None]
    return torch.stack(looked, 1) if looked else None


class ShowAndTell(Captioner):
    r"""Get the picture once, as the state before the first word, then write.

    $$[h_0; c_0] = W_p\, [a_1; …; a_N] + b_p \qquad
      h_\tau, c_\tau = \text{LSTM}(E_y y_{\tau-1}, h_{\tau-1}, c_{\tau-1}) \qquad
      \text{logits}_\tau = W_o h_\tau + b_o$$

    where N is the number of cells, and so of a picture's size.

    Source: Vinyals et al. 2015, "Show and tell: a neural image caption generator", equations 10–12. There the picture
    is read as if it were the first word; as the first state it is the “init-inject” of Tanti et al. 2018, "Where to put
    the image in an image caption generator".
    """

    def __init__(
        self,
        tokens: int,
        embedding: int,
        hidden: int,
        cells: int,
        annotation: int,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(tokens, embedding, hidden, embedding, dtype)
        expect.at_least_one(cells=cells, annotation=annotation)
        self.W_p = nn.Parameter(torch.empty(2 * hidden, cells * annotation, dtype=dtype))
        self.b_p = nn.Parameter(torch.empty(2 * hidden, dtype=dtype))
        self.W_o = nn.Parameter(torch.empty(tokens, hidden, dtype=dtype))
        self.b_o = nn.Parameter(torch.empty(tokens, dtype=dtype))
        start_uniform([self.W_p, self.b_p], cells * annotation)
        start_uniform([self.W_o, self.b_o], hidden)

    def encode(self, annotations: Float[Tensor, "batch cell annotation"]) -> Memory:
        """Return the state before the first word, from all of the picture."""
        h, c = (annotations.flatten(1) @ self.W_p.T + self.b_p).chunk(2, -1)
        return h, c

    def look(self, token: Int[Tensor, " batch"], state: Memory) -> Word:
        """Read one token of every row; the picture is not looked at again."""
        h, c = lstm_step(self.E_y[token], state[0], state[1], self.W_x, self.W_h, self.b)
        return Word(h @ self.W_o.T + self.b_o, None, (h, c))


class ShowAttendAndTell(Captioner):
    r"""Before every word look at the picture, with the state that the last word left.

    $$e_{\tau i} = v_a^\top \tanh(W_a h_{\tau-1} + U_a a_i) \qquad \alpha_\tau = \text{softmax}(e_\tau) \qquad
      z_\tau = \sum_i \alpha_{\tau i}\, a_i$$
    $$h_\tau, c_\tau = \text{LSTM}([E_y y_{\tau-1}; z_\tau], h_{\tau-1}, c_{\tau-1}) \qquad
      \text{logits}_\tau = W_o [h_\tau; z_\tau; E_y y_{\tau-1}] + b_o$$
    $$[h_0; c_0] = \tanh(W_s \tfrac1N \sum_i a_i + b_s)$$

    Source: Xu et al. 2015, "Show, attend and tell: neural image caption generation with visual attention", equations
    1–7, the “soft” attention of section 4.2 without its gate β, and the output layer without its inner one.
    """

    def __init__(
        self,
        tokens: int,
        embedding: int,
        hidden: int,
        annotation: int,
        attention: int,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(tokens, embedding, hidden, embedding + annotation, dtype)
        expect.at_least_one(annotation=annotation, attention=attention)
        shapes = {
            "W_s": (2 * hidden, annotation),
            "b_s": (2 * hidden,),
            "W_a": (attention, hidden),
            "U_a": (attention, annotation),
            "v_a": (attention,),
            "W_o": (tokens, hidden + annotation + embedding),
            "b_o": (tokens,),
        }
        self.W_s, self.b_s, self.W_a, self.U_a, self.v_a, self.W_o, self.b_o = (
            nn.Parameter(torch.empty(shape, dtype=dtype)) for shape in shapes.values()
        )
        start_uniform([self.W_s, self.b_s, self.U_a], annotation)
        start_uniform([self.W_a], hidden)
        start_uniform([self.v_a], attention)
        start_uniform([self.W_o, self.b_o], hidden + annotation + embedding)

    def encode(self, annotations: Float[Tensor, "batch cell annotation"]) -> Looking:
        """Return the state before the first word, from the mean of the annotations."""
        h, c = torch.tanh(annotations.mean(1) @ self.W_s.T + self.b_s).chunk(2, -1)
        return Looking(h, c, annotations)

    def look(
        self, token: Int[Tensor, " batch"], state: Looking, weights: Float[Tensor, "batch cell"] | None = None
    ) -> Word:
        """Read one token of every row; with the given weights instead of its own, if there are any."""
        if weights is None:
            weights = additive_scores(state.h, state.annotations, self.W_a, self.U_a, self.v_a).softmax(-1)
        seen, y = attend(weights, state.annotations), self.E_y[token]
        h, c = lstm_step(torch.cat([y, seen], -1), state.h, state.c, self.W_x, self.W_h, self.b)
        return Word(torch.cat([h, seen, y], -1) @ self.W_o.T + self.b_o, weights, Looking(h, c, state.annotations))
