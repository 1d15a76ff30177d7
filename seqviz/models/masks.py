"""Masks, all of one kind: True where a step is real, and so where it may be attended.

That is how `torch.nn.functional.scaled_dot_product_attention` reads a boolean mask. The ``key_padding_mask`` and the
boolean ``attn_mask`` of `torch.nn.MultiheadAttention` mean the opposite: True where a key is left out.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from seqviz.models import expect


def real_steps(lengths: Int[Tensor, " batch"], batch: int, time: int) -> Bool[Tensor, "batch time"]:
    """Return True where a step of a padded batch is not padding. Raises as `expect.lengths`."""
    expect.lengths(lengths, batch, time)
    return torch.arange(time) < lengths[:, None]


def causal_mask(time: int) -> Bool[Tensor, "query key"]:
    """Return True where the key is not later than the query: nobody looks ahead. Raises ValueError for no step."""
    expect.at_least_one(time=time)
    return torch.ones(time, time, dtype=torch.bool).tril()


def sliding_window_mask(time: int, window: int, causal: bool = True) -> Bool[Tensor, "query key"]:
    """Return True where the key is among the last ``window`` steps, the query's own included.

    Without ``causal`` as many are seen ahead: |query − key| < window. Raises ValueError for no step and no window.

    Source: Beltagy, Peters & Cohan 2020, "Longformer: the long-document transformer", section 3.1, which counts both
    sides.
    """
    expect.at_least_one(time=time, window=window)
    steps = torch.arange(time)
    back = steps[:, None] - steps
    return (back < window) & (back >= 0) if causal else back.abs() < window


def masked_softmax(
    scores: Float[Tensor, "*axes key"], may_attend: Bool[Tensor, "*axes key"]
) -> Float[Tensor, "*axes key"]:
    r"""The softmax over the last axis of those entries that may be attended; the others get 0.

    where the mask is True for an entry that may be attended. A row in which none may gets zeros, as in
    `torch.nn.functional.scaled_dot_product_attention`, and so do its gradients: a softmax of −∞ alone would be NaN.

    Raises ValueError for a mask of another shape and TypeError for one that does not hold True and False.
    """
    if may_attend.dtype != torch.bool:
        raise TypeError(f"may_attend: expected True and False, got {may_attend.dtype}")
    expect.shape("may_attend", may_attend, {f"axis {i}": size for i, size in enumerate(scores.shape)})
    nobody = ~may_attend.any(-1, keepdim=True)
    weights = scores.masked_fill(~may_attend, -torch.inf).masked_fill(nobody, 0.0).softmax(-1)
    return weights.masked_fill(nobody, 0.0)
