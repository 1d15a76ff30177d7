r"""A gradient made shorter: by its norm, which keeps its direction, or entry by entry, which does not.

Both read the *gradient*. Some lectures write $\lVert\theta\rVert > c$; the size of the parameters is no reason to
shorten a step.
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor


def global_norm(gradients: Sequence[Float[Tensor, "..."]]) -> Float[Tensor, ""]:
    r"""The Euclidean norm of all gradients as one long vector, $\lVert g \rVert = \sqrt{\sum_i \lVert g_i \rVert^2}$.

    Raises ValueError when there is no gradient.
    """
    if not gradients:
        raise ValueError("gradients: expected at least one tensor, got none")
    return torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients]))


def clip_by_norm(
    gradients: Sequence[Float[Tensor, "..."]], threshold: float
) -> tuple[list[Float[Tensor, "..."]], Float[Tensor, ""]]:
    r"""Scale all gradients by one factor so that their common norm is at most the threshold; return them and the norm.

    $$\hat g = \min\left(1, \frac{c}{\lVert g \rVert}\right) g$$

    where c is the threshold and the norm is that of `global_norm`, before clipping. One factor for everything: the
    direction of the step stays. torch adds 1e-6 to the norm, so its clipped gradient is shorter by that much.

    Raises ValueError when the threshold is not positive.

    Source: Pascanu et al. 2013, "On the difficulty of training recurrent neural networks", algorithm 1.
    """
    _positive("threshold", threshold)
    norm = global_norm(gradients)
    # no division by a norm of zero
    factor = threshold / torch.clamp(norm, min=threshold)
    return [gradient * factor for gradient in gradients], norm


def clip_by_value(gradients: Sequence[Float[Tensor, "..."]], limit: float) -> list[Float[Tensor, "..."]]:
    r"""Cut every entry to $[-c, c]$. Large entries shrink and small ones stay, so the step turns.

    Raises ValueError when the limit is not positive.

    Source: Mikolov 2012, "Statistical language models based on neural networks", section 3.2.2.
    """
    _positive("limit", limit)
    return [gradient.clamp(-limit, limit) for gradient in gradients]


def _positive(name: str, value: float) -> None:
    if not (value > 0 and math.isfinite(value)):
        raise ValueError(f"{name}: expected a finite number above 0, got {value}")
