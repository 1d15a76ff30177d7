r"""Targets that are not quite certain: $1 - \varepsilon$ for the right class, and ε shared out among the others.

Who the others are differs. All three conventions are in use, and none is wrong; the same ε means different things:

| convention | the right class | every other |
|---|---|---|
| ``all`` | $1 - \varepsilon + \varepsilon / V$ | $\varepsilon / V$ |
| ``others`` | $1 - \varepsilon$ | $\varepsilon / (V - 1)$ |
| ``real others`` | $1 - \varepsilon$ | $\varepsilon / (V - 2)$, and 0 for the padding |

Sources: Szegedy et al. 2016, "Rethinking the Inception architecture for computer vision", section 7, and
`torch.nn.CrossEntropyLoss` (all); tensor2tensor (others); "The annotated Transformer" (real others).
"""

from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models import expect

Convention = Literal["all", "others", "real others"]


def smooth_labels(
    targets: Int[Tensor, " *axes"], classes: int, epsilon: float, convention: Convention = "all", padding: int = 0
) -> Float[Tensor, "*axes class"]:
    r"""Return the distribution that stands for every target.

    where padding is the class that ``real others`` gives nothing; a target that is itself padding gets zeros there.

    Raises ValueError for ε outside of 0 … 1, an unknown convention and too few classes.
    """
    expect.one_of("convention", convention, ("all", "others", "real others"))
    if not 0 <= epsilon < 1:
        raise ValueError(f"epsilon: expected a number from 0 to below 1, got {epsilon}")
    excluded = {"all": 0, "others": 1, "real others": 2}[convention]
    if classes <= excluded:
        raise ValueError(f"classes: expected more than {excluded}, got {classes}")
    right = torch.nn.functional.one_hot(targets, classes).double()
    share = epsilon / (classes - excluded)
    if convention == "all":
        return (1 - epsilon) * right + share
    smoothed = (1 - epsilon) * right + share * (1 - right)
    if convention == "real others":
        smoothed[..., padding] = 0.0
        smoothed[targets == padding] = 0.0
    return smoothed
