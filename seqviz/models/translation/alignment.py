r"""Where a translator looked, against what is known: the alignment error.

Of the output steps whose source is known, the share at which the largest weight lies elsewhere:

$$\text{error} = 1 - \frac{1}{|R|} \sum_{\tau \in R} \big[\arg\max_t \alpha_{\tau t} \in A_\tau\big]$$

where $A_\tau$ are the source steps that say output τ, and R the output steps for which there are any. It is the
alignment error rate of Och and Ney 2003, "A systematic comparison of various statistical alignment models", for one
link from every such step, where all known links count as possible and none as sure: any of them is right.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from seqviz.models import expect

Weights = Float[Tensor, "batch target source"]
Known = Bool[Tensor, "batch target source"]


def alignment_error(weights: Weights, known: Known) -> float:
    r"""Return the share of the steps in R whose largest weight is not on a step that says them.

    where ``known`` is True for $t \in A_\tau$. Raises ValueError where no step of the output has a known source.
    """
    has_source = _expect_known(weights, known)
    hit = known.gather(-1, weights.argmax(-1, keepdim=True))[..., 0]
    return 1.0 - hit[has_source].double().mean().item()


def known_share(weights: Weights, known: Known) -> float:
    r"""Return how much of its weight a step in R gives to $A_\tau$, on average. Raises as `alignment_error`."""
    has_source = _expect_known(weights, known)
    return (weights * known).sum(-1)[has_source].double().mean().item()


def _expect_known(weights: Tensor, known: Tensor) -> Bool[Tensor, "batch target"]:
    if known.dtype != torch.bool:
        raise TypeError(f"known: expected True and False, got {known.dtype}")
    expect.shape("known", known, dict(zip(("batch", "target", "source"), weights.shape, strict=True)))
    has_source = known.any(-1)
    if not has_source.any():
        raise ValueError("known: expected a source for at least one step of the output")
    return has_source
