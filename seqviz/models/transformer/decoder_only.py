r"""The decoder alone: a causal language model that is told positions by one of several schemes.

$$x^{(0)}_t = E[y_t] + p_t \qquad x^{(l)} = \text{block}_l(x^{(l-1)}) \qquad
  P(y_{t+1} \mid y_1 … y_t) = \text{softmax}(W_o\, \text{norm}(x^{(L)}_t) + b_o)$$

| scheme | what it changes |
|---|---|
| ``none`` | nothing; only the mask tells before from after |
| ``learned`` | a vector for every position is learned, and added to the embedding |
| ``sinusoidal`` | the same with the fixed vectors of `positions.sinusoidal_encoding` |
| ``alibi`` | scores, by $-m_h (i - j)$ |
| ``rotary`` | queries and keys, each turned by its own position |

Every block is `EncoderBlock`'s with the norm first and a causal mask. Sources: Radford et al. 2018, "Improving language
understanding by generative pre-training", section 3.1, for the decoder alone; of the schemes, see `positions`.
"""

import math
from typing import Literal, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.self_attention.positions import alibi_bias, rotary, sinusoidal_encoding
from seqviz.models.transformer.blocks import EncoderBlock, Sequence
from seqviz.models.transformer.layer_norm import LayerNorm

Scheme = Literal["none", "learned", "sinusoidal", "alibi", "rotary"]
SCHEMES: tuple[Scheme, ...] = ("none", "learned", "sinusoidal", "alibi", "rotary")


class Past(NamedTuple):
    """What one block keeps of the steps that were read: their keys, already turned, and their values."""

    k: Tensor
    v: Tensor


class CausalBlock(EncoderBlock):
    """A block whose steps look at themselves and at earlier ones, those of the past included."""

    def __init__(
        self, size: int, heads: int, inner: int, scheme: Scheme = "none", dtype: torch.dtype | None = None
    ) -> None:
        super().__init__(size, heads, inner, dtype=dtype)
        expect.one_of("scheme", scheme, SCHEMES)
        self.scheme = scheme

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride] it has a past, where the encoder's has a mask
        self, x: Sequence, past: Past | None = None
    ) -> tuple[Sequence, Float[Tensor, "batch head time source"], Past]:
        """Return every step's vector, the weights of every head, and the past of the next steps.

        where the steps come after those of the past; their positions follow from its length.
        """
        start = 0 if past is None else past.k.shape[2]
        end = start + x.shape[1]
        entering = self.around_attention.entering(x)
        q, (k, v) = self.attention.queries(entering), self.attention.keys_and_values(entering)
        positions = torch.arange(start, end)
        if self.scheme == "rotary":  # a key is turned once, by its own position, and kept so
            q, k = rotary(q, positions), rotary(k, positions)
        if past is not None:
            k, v = torch.cat([past.k, k], 2), torch.cat([past.v, v], 2)
        bias = alibi_bias(self.attention.heads, positions, torch.arange(end)) if self.scheme == "alibi" else None
        may_attend = torch.arange(end) <= positions[:, None]  # only the rows of the new steps
        output, weights = self.attention.read(q, k, v, may_attend, bias)
        x = self.around_attention.leaving(x, output)
        around = self.around_feed_forward
        return around.leaving(x, self.feed_forward(around.entering(x))), weights, Past(k, v)


class CausalTransformer(nn.Module):
    r"""Predict the next token at every step: embeddings, causal blocks, a last norm and an output layer.

    where ``longest`` is how many positions the learned vectors have; the other schemes need none. Embeddings have the
    standard deviation 1, and so have learned vectors.

    ``tied``, the output layer's matrix is that of the embeddings, one parameter under two names. One matrix cannot have
    both sizes: E starts with the standard deviation $1/\sqrt d$, which scores of a step want, and what enters the first
    block is $\sqrt d$ E, as in Vaswani et al. 2017, section 3.4. GPT-2 has no such factor and starts with 0.02.
    Source: Press & Wolf 2017, "Using the output embedding to improve language models".

    Raises ValueError as `MultiHeadAttention` does, for an unknown scheme, and for more steps than were learned.
    """

    def __init__(
        self,
        tokens: int,
        size: int,
        heads: int,
        inner: int,
        layers: int,
        scheme: Scheme,
        longest: int = 64,
        dtype: torch.dtype | None = None,
        *,
        tied: bool = False,
    ) -> None:
        super().__init__()
        expect.at_least_one(tokens=tokens, size=size, layers=layers, longest=longest)
        expect.one_of("scheme", scheme, SCHEMES)
        self.scheme: Scheme = scheme
        self.factor = math.sqrt(size) if tied else 1.0
        self.E = nn.Parameter(torch.randn(tokens, size, dtype=dtype) / self.factor)
        self.blocks = nn.ModuleList(CausalBlock(size, heads, inner, scheme, dtype) for _ in range(layers))
        self.norm = LayerNorm(size, dtype)
        self.W_o = self.E if tied else nn.Parameter(0.02 * torch.randn(tokens, size, dtype=dtype))
        self.b_o = nn.Parameter(torch.zeros(tokens, dtype=dtype))
        # last, so that all schemes start from the same other weights
        self.P = nn.Parameter(torch.randn(longest, size, dtype=dtype)) if scheme == "learned" else None

    def forward(
        self, tokens: Int[Tensor, "batch time"], past: tuple[Past, ...] | None = None
    ) -> tuple[Float[Tensor, "batch time token"], tuple[Past, ...]]:
        """Return the scores of every next token, and the past with which later steps go on."""
        x = self.embedded(tokens, 0 if past is None else past[0].k.shape[2])
        kept = []
        for number, block in enumerate(self.blocks):
            x, _, of_block = block(x, None if past is None else past[number])
            kept.append(of_block)
        return self.norm(x) @ self.W_o.T + self.b_o, tuple(kept)

    def step(
        self, token: Int[Tensor, " batch"], past: tuple[Past, ...] | None
    ) -> tuple[Float[Tensor, "batch token"], tuple[Past, ...]]:
        """Read one token of every row: the decode step (`decoding.DecodeStep`) of sampling and of every search.

        where the state before the first token is None, and later the past of every block: keys and values of what was
        read are not computed again.
        """
        logits, kept = self(token[:, None], past)
        return logits[:, 0].log_softmax(-1), kept

    def embedded(self, tokens: Int[Tensor, "batch time"], start: int = 0) -> Sequence:
        """Return the vectors that enter the first block; the first token has the position ``start``."""
        x, end = self.factor * self.E[tokens], start + tokens.shape[1]
        if self.P is not None:
            if end > len(self.P):
                raise ValueError(f"tokens: expected at most {len(self.P)} steps, for which positions exist, got {end}")
            x = x + self.P[start:end]
        if self.scheme == "sinusoidal":
            x = x + sinusoidal_encoding(torch.arange(start, end), x.shape[-1]).to(x.dtype)
        return x
