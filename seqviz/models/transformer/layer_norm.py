r"""Layer normalisation: every vector gets the mean 0 and the variance 1, then a gain and a bias that are learnt.

$$\mu = \frac{1}{d} \sum_i x_i \qquad \sigma^2 = \frac{1}{d} \sum_i (x_i - \mu)^2 \qquad
  \hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} \qquad y = g \odot \hat x + b$$

Mean and variance are those of one vector: no step and no row of a batch looks at another. Source: Ba, Kiros & Hinton
2016, "Layer normalization", equation 4; ε under the root as in `torch.nn.LayerNorm`.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from seqviz.models import expect

EPSILON = 1e-5
Vectors = Float[Tensor, "*axes size"]
PerNumber = Float[Tensor, " size"]


def layer_norm(x: Vectors, gain: PerNumber, bias: PerNumber, epsilon: float = EPSILON) -> Vectors:
    """Return y. The variance divides by d, not by d − 1."""
    expect.shape("gain", gain, {"size": x.shape[-1]})
    expect.shape("bias", bias, {"size": x.shape[-1]})
    return gain * _normalised(x, epsilon)[0] + bias


def layer_norm_backward(
    dy: Vectors, x: Vectors, gain: PerNumber, epsilon: float = EPSILON
) -> tuple[Vectors, PerNumber, PerNumber]:
    r"""Return the gradients of x, of the gain and of the bias, from that of y.

    $$\bar{\hat x} = g \odot \bar y \qquad
      \bar x = \frac{\bar{\hat x} - \text{mean}(\bar{\hat x}) - \hat x \odot \text{mean}(\bar{\hat x} \odot \hat x)}
      {\sqrt{\sigma^2 + \varepsilon}} \qquad \bar g = \sum \bar y \odot \hat x \qquad \bar b = \sum \bar y$$

    where a bar marks the gradient of the loss and the sums run over all vectors. The means are what μ and σ hand on.
    """
    return _backward(dy, *_normalised(x, epsilon), gain)


class LayerNorm(nn.Module):
    """`layer_norm` with its gain, ones at first, and its bias, zeros. Raises ValueError for a size below 1."""

    def __init__(self, size: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(size=size)
        self.gain = nn.Parameter(torch.ones(size, dtype=dtype))
        self.bias = nn.Parameter(torch.zeros(size, dtype=dtype))

    def forward(self, x: Vectors) -> Vectors:
        """Normalise every vector; the way back is `layer_norm_backward`, which takes half of autograd's time."""
        expect.shape("gain", self.gain, {"size": x.shape[-1]})
        return _LayerNorm.apply(x, self.gain, self.bias)


def _normalised(x: Tensor, epsilon: float) -> tuple[Tensor, Tensor]:
    centred = x - x.mean(-1, keepdim=True)
    deviation = (centred.square().mean(-1, keepdim=True) + epsilon).sqrt()
    return centred / deviation, deviation


def _backward(dy: Tensor, normal: Tensor, deviation: Tensor, gain: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    dnormal = gain * dy
    centred = dnormal - dnormal.mean(-1, keepdim=True) - normal * (dnormal * normal).mean(-1, keepdim=True)
    return centred / deviation, (dy * normal).flatten(0, -2).sum(0), dy.flatten(0, -2).sum(0)


class _LayerNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, gain: Tensor, bias: Tensor) -> Tensor:
        normal, deviation = _normalised(x, EPSILON)
        ctx.save_for_backward(normal, deviation, gain)
        return torch.addcmul(bias, gain, normal)

    @staticmethod
    @once_differentiable
    def backward(  # type: ignore[override] once_differentiable names its parameters otherwise
        ctx: Any, *grad_outputs: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        return _backward(*grad_outputs, *ctx.saved_tensors)
