"""Masks, all of one kind: True where a step is real, and so where it may be attended.

That is how `torch.nn.functional.scaled_dot_product_attention` reads a boolean mask. The ``key_padding_mask`` and the
boolean ``attn_mask`` of `torch.nn.MultiheadAttention` mean the opposite: True where a key is left out.
"""

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from seqviz.models import expect


def real_steps(lengths: Int[Tensor, " batch"], batch: int, time: int) -> Bool[Tensor, "batch time"]:
    """Return True where a step of a padded batch is not padding. Raises as `expect.lengths`."""
    expect.lengths(lengths, batch, time)
    return torch.arange(time) < lengths[:, None]
