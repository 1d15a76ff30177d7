r"""Blocks of a Transformer: attention moves between steps, a small network works at each, and both only add.

$$x \leftarrow x + f(\text{norm}(x)) \quad \text{(norm first)} \qquad
  x \leftarrow \text{norm}(x + f(x)) \quad \text{(norm last)}$$

where f is an attention or the feed-forward network. Source: Vaswani et al. 2017, "Attention is all you need", section
3.1, has the norm last; Xiong et al. 2020, "On layer normalization in the Transformer architecture", figure 1, has both.
There is no dropout.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.masks import causal_mask
from seqviz.models.self_attention.multi_head import MultiHeadAttention
from seqviz.models.transformer.layer_norm import LayerNorm

Sequence = Float[Tensor, "batch time model"]
Memory = Float[Tensor, "batch source model"]
Weights = Float[Tensor, "batch head time source"]
MayAttend = Bool[Tensor, "... #time source"]


class FeedForward(nn.Module):
    r"""The same small network at every step: $W_2 \, \text{relu}(W_1 x + b_1) + b_2$. Section 3.3."""

    def __init__(self, size: int, inner: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(size=size, inner=inner)
        self.first = nn.Linear(size, inner, dtype=dtype)
        self.second = nn.Linear(inner, size, dtype=dtype)

    def forward(self, x: Sequence) -> Sequence:
        """Work at every step for itself."""
        return self.second(self.first(x).relu())


class Residual(nn.Module):
    """The way around a branch, whose output is added; with a norm before the branch or after the sum."""

    def __init__(self, size: int, norm_first: bool, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        self.norm, self.norm_first = LayerNorm(size, dtype), norm_first

    def entering(self, x: Sequence) -> Sequence:
        """Return what the branch reads of x."""
        return self.norm(x) if self.norm_first else x

    def leaving(self, x: Sequence, output: Sequence) -> Sequence:
        """Return x after the branch."""
        return x + output if self.norm_first else self.norm(x + output)


class EncoderBlock(nn.Module):
    """Self-attention, then the feed-forward network. Raises ValueError as `MultiHeadAttention` does."""

    def __init__(
        self, size: int, heads: int, inner: int, norm_first: bool = True, dtype: torch.dtype | None = None
    ) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(size, heads, dtype=dtype)
        self.feed_forward = FeedForward(size, inner, dtype)
        self.around_attention = Residual(size, norm_first, dtype)
        self.around_feed_forward = Residual(size, norm_first, dtype)

    def forward(
        self, x: Sequence, may_attend: Bool[Tensor, "... #time time"] | None = None
    ) -> tuple[Sequence, Float[Tensor, "batch head time time"]]:
        """Return every step's vector, and the weights of every head."""
        around = self.around_attention
        output, weights = self.attention(around.entering(x), may_attend=may_attend)
        x = around.leaving(x, output)
        around = self.around_feed_forward
        return around.leaving(x, self.feed_forward(around.entering(x))), weights


class DecoderBlock(nn.Module):
    """Self-attention that does not look ahead, attention to the encoder's memory, then the feed-forward network.

    Queries come from below, keys and values from the memory, which is the top of the encoder.
    """

    def __init__(
        self, size: int, heads: int, inner: int, norm_first: bool = True, dtype: torch.dtype | None = None
    ) -> None:
        super().__init__()
        self.self_attention = MultiHeadAttention(size, heads, dtype=dtype)
        self.cross_attention = MultiHeadAttention(size, heads, dtype=dtype)
        self.feed_forward = FeedForward(size, inner, dtype)
        self.around_self_attention = Residual(size, norm_first, dtype)
        self.around_cross_attention = Residual(size, norm_first, dtype)
        self.around_feed_forward = Residual(size, norm_first, dtype)

    def forward(self, y: Sequence, memory: Memory, may_attend: MayAttend | None = None) -> tuple[Sequence, Weights]:
        """Return every step's vector, and the weights that every head gives to the memory.

        where the mask says what of the memory may be attended.
        """
        around = self.around_self_attention
        output, _ = self.self_attention(around.entering(y), may_attend=causal_mask(y.shape[1]))
        y = around.leaving(y, output)
        around = self.around_cross_attention
        output, weights = self.cross_attention(around.entering(y), memory, may_attend)
        y = around.leaving(y, output)
        around = self.around_feed_forward
        return around.leaving(y, self.feed_forward(around.entering(y))), weights
