r"""What a sequence costs: the sum over its steps of what each step costs.

$$\mathcal L = \sum_{t=1}^{T} \mathcal L_t$$

Each function returns $\mathcal L_t$ for every row and step, 0 past a row's length; the caller sums or averages.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models import expect
from seqviz.models.masks import real_steps


def step_cross_entropy(
    logits: Float[Tensor, "batch time output"],
    y: Int[Tensor, "batch time"],
    lengths: Int[Tensor, " batch"] | None = None,
) -> Float[Tensor, "batch time"]:
    r"""Cross-entropy of each step in nats, $\mathcal L_t = -\log \operatorname{softmax}(\text{logits}_t)[y_t]$.

    where y holds the index of the right output at every step.

    Raises ValueError when shapes do not fit or an index is not an output, TypeError when y is not whole numbers.
    """
    expect.shape("logits", logits, {"batch": None, "time": None, "output": None})
    batch, time, outputs = logits.shape
    expect.shape("y", y, {"batch": batch, "time": time})
    if y.dtype.is_floating_point:
        raise TypeError(f"y: expected whole numbers (the index of the right output), got {y.dtype}")
    if int(y.min()) < 0 or int(y.max()) >= outputs:
        raise ValueError(f"y: expected indices in 0 … {outputs - 1}, got {int(y.min())} … {int(y.max())}")
    losses = -logits.log_softmax(-1).gather(-1, y[..., None].long())[..., 0]
    return _only_real_steps(losses, lengths)


def step_squared_error(
    y_hat: Float[Tensor, "batch time output"],
    y: Float[Tensor, "batch time output"],
    lengths: Int[Tensor, " batch"] | None = None,
) -> Float[Tensor, "batch time"]:
    r"""Half the squared distance of each step, $\mathcal L_t = \tfrac12 \lVert \hat y_t - y_t \rVert^2$."""
    expect.shape("y_hat", y_hat, {"batch": None, "time": None, "output": None})
    expect.shape("y", y, dict(zip(("batch", "time", "output"), y_hat.shape, strict=True)))
    return _only_real_steps(((y_hat - y) ** 2).sum(-1) / 2, lengths)


def _only_real_steps(losses: Float[Tensor, "batch time"], lengths: Int[Tensor, " batch"] | None) -> Tensor:
    if lengths is None:
        return losses
    # where, not a product: 0 · inf is NaN
    return torch.where(real_steps(lengths, *losses.shape), losses, 0.0)
