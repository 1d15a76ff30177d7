r"""Several attentions side by side, each with queries, keys and values of its own.

$$\text{head}_h = \text{attention}(X W_q^{(h)\top}, Y W_k^{(h)\top}, Y W_v^{(h)\top}) \qquad
  \text{output} = [\text{head}_1; …; \text{head}_H] W_o^\top + b_o$$

where X asks and Y is read: the same sequence in self-attention, another one in cross-attention. The matrices of all
heads stand below each other in one, head by head, as in `torch.nn.MultiheadAttention`. Source: Vaswani et al. 2017,
"Attention is all you need", section 3.2.2.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.self_attention.scaled_dot_product import scaled_dot_product_attention

Sequence = Float[Tensor, "batch time model"]
Heads = Float[Tensor, "batch head time size"]
Groups = Float[Tensor, "batch group source size"]
MayAttend = Bool[Tensor, "... #time source"]


def split_heads(x: Sequence, heads: int) -> Heads:
    """Cut every step's vector into one piece for each head; the heads come before the steps.

    Raises ValueError for a size that is no multiple of the heads.
    """
    expect.at_least_one(heads=heads)
    if x.shape[-1] % heads:
        raise ValueError(f"x: expected a multiple of {heads} heads, got vectors of {x.shape[-1]}")
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def merge_heads(z: Heads) -> Sequence:
    """Put the pieces of all heads beside each other again: the inverse of `split_heads`."""
    return z.transpose(1, 2).flatten(-2)


class MultiHeadAttention(nn.Module):
    r"""Attention with several heads, and its four matrices.

    where ``groups`` is how many heads have keys and values of their own; each of these serves as many neighbouring
    query heads. As many groups as heads is the usual attention, one group "multi-query".

    Source of the groups: Ainslie et al. 2023, "GQA: training generalized multi-query transformer models", section 2.2.

    Raises ValueError for a size that is no multiple of the heads, or heads that are no multiple of the groups.
    """

    def __init__(self, size: int, heads: int, groups: int | None = None, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        groups = heads if groups is None else groups
        expect.at_least_one(size=size, heads=heads, groups=groups)
        if size % heads:
            raise ValueError(f"heads: expected a number that divides the size {size}, got {heads}")
        if heads % groups:
            raise ValueError(f"groups: expected a number that divides the {heads} heads, got {groups}")
        self.heads, self.groups = heads, groups
        read = groups * (size // heads)
        self.W_q, self.b_q = _linear(size, size, dtype)
        self.W_k, self.b_k = _linear(read, size, dtype)
        self.W_v, self.b_v = _linear(read, size, dtype)
        self.W_o, self.b_o = _linear(size, size, dtype)

    def forward(
        self,
        x: Sequence,
        source: Float[Tensor, "batch source model"] | None = None,
        may_attend: MayAttend | None = None,
    ) -> tuple[Sequence, Float[Tensor, "batch head time source"]]:
        """Let x ask the source, or itself; return what every step read, and the weights of every head."""
        k, v = self.keys_and_values(x if source is None else source)
        return self.read(self.queries(x), k, v, may_attend)

    def queries(self, x: Sequence) -> Heads:
        """Return what every head asks at every step."""
        return split_heads(x @ self.W_q.T + self.b_q, self.heads)

    def keys_and_values(self, source: Float[Tensor, "batch source model"]) -> tuple[Groups, Groups]:
        """Return the keys and the values of every group, which do not depend on who asks."""
        return (
            split_heads(source @ self.W_k.T + self.b_k, self.groups),
            split_heads(source @ self.W_v.T + self.b_v, self.groups),
        )

    def read(
        self,
        q: Heads,
        k: Groups,
        v: Groups,
        may_attend: MayAttend | None = None,
        bias: Float[Tensor, "#head time source"] | None = None,
    ) -> tuple[Sequence, Float[Tensor, "batch head time source"]]:
        """Return what the heads read together, and their weights.

        Positions come in between: who turns queries and keys (`positions.rotary`) does so before, and what is added to
        the scores (`positions.alibi_bias`) is the bias.
        """
        k, v = (one.repeat_interleave(self.heads // self.groups, dim=1) for one in (k, v))
        z, weights = scaled_dot_product_attention(q, k, v, may_attend, bias)
        return merge_heads(z) @ self.W_o.T + self.b_o, weights


def _linear(outputs: int, inputs: int, dtype: torch.dtype | None) -> tuple[nn.Parameter, nn.Parameter]:
    """Return a matrix with the variance of Glorot & Bengio 2010, equation 16, and a bias of zeros."""
    weight = nn.Parameter(torch.empty(outputs, inputs, dtype=dtype))
    nn.init.xavier_uniform_(weight)
    return weight, nn.Parameter(torch.zeros(outputs, dtype=dtype))
