r"""Scaled dot-product attention: every query asks all keys, and reads their values by how well they fit.

$$S = \frac{Q K^\top}{\sqrt{d_k}} \qquad A = \text{softmax}(S) \qquad Z = A V$$

Row i of A says how much of every value goes into $z_i$. Source: Vaswani et al. 2017, "Attention is all you need",
equation 1.
"""

import math

from jaxtyping import Bool, Float
from torch import Tensor

from seqviz.models import expect
from seqviz.models.masks import masked_softmax

Queries = Float[Tensor, "*axes query key_size"]
Keys = Float[Tensor, "*axes key key_size"]
Values = Float[Tensor, "*axes key value_size"]
Weights = Float[Tensor, "*axes query key"]
Output = Float[Tensor, "*axes query value_size"]


def attention_scores(q: Queries, k: Keys) -> Weights:
    r"""Return $S_{ij} = q_i^\top k_j / \sqrt{d_k}$.

    A dot product of two vectors of $d_k$ independent numbers of variance 1 has variance $d_k$: divided by the root,
    the softmax starts where its gradient is not small. Raises ValueError unless queries and keys have one size.
    """
    expect.same_dtype(q=q, k=k)
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"k: expected keys of the queries' size {q.shape[-1]}, got {k.shape[-1]}")
    return q @ k.mT / math.sqrt(q.shape[-1])


def attention_weights(scores: Weights, may_attend: Bool[Tensor, "*#axes #query key"] | None = None) -> Weights:
    """Return the softmax of every query's scores over the keys that it may attend; all of them without a mask.

    A query that may attend none gets zeros, see `masks.masked_softmax`.
    """
    return scores.softmax(-1) if may_attend is None else masked_softmax(scores, may_attend.expand(scores.shape))


def scaled_dot_product_attention(
    q: Queries,
    k: Keys,
    v: Values,
    may_attend: Bool[Tensor, "*#axes #query key"] | None = None,
    bias: Float[Tensor, "*#axes #query key"] | None = None,
) -> tuple[Output, Weights]:
    """Return Z, and the weights A beside it.

    where the mask is True for the pairs of a query and a key that may meet, and the bias is added to the scores, after
    they were scaled, see `positions.alibi_bias`; an axis of size 1 stands for all.
    """
    scores = attention_scores(q, k)
    if bias is not None:
        scores = scores + bias.to(scores.dtype)
    weights = attention_weights(scores, may_attend)
    return weights @ v, weights


def scaled_dot_product_backward(
    dz: Output, q: Queries, k: Keys, v: Values, weights: Weights
) -> tuple[Queries, Keys, Values]:
    r"""Return the gradients of q, k and v, from that of Z.

    $$\bar V = A^\top \bar Z \qquad \bar A = \bar Z V^\top \qquad
      \bar S = A \odot \left(\bar A - (\bar A \odot A) \mathbb{1} \mathbb{1}^\top\right) \qquad
      \bar Q = \frac{\bar S K}{\sqrt{d_k}} \qquad \bar K = \frac{\bar S^\top Q}{\sqrt{d_k}}$$

    where a bar marks the gradient of the loss. The softmax's Jacobian is $\text{diag}(a) - a a^\top$: its second term
    is the sum in $\bar S$. A weight of 0, as under a mask, hands on nothing.
    """
    dv = weights.mT @ dz
    dweights = dz @ v.mT
    dscores = weights * (dweights - (dweights * weights).sum(-1, keepdim=True)) / math.sqrt(q.shape[-1])
    return dscores @ k, dscores.mT @ q, dv
