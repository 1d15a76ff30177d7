r"""The 1-D convolution: one small window of weights slides along the sequence; and a classifier made of it.

A stack of convolutions sees a stretch of the sequence and no more, its receptive field.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.torch_weights import start_uniform


def conv1d(
    x: Float[Tensor, "batch time input"],
    W: Float[Tensor, "output input width"],
    b: Float[Tensor, " output"],
    dilation: int = 1,
) -> Float[Tensor, "batch shorter output"]:
    r"""Slide one window of weights along a sequence.

    $$z_t = b + \sum_{j=0}^{k-1} W_j\, x_{t + jd}$$

    where $W_j$ is ``W[:, :, j]``, k the width of the window and d its dilation. The window stays inside the sequence,
    so the result is $(k-1)d$ steps shorter.

    Raises ValueError or TypeError when shapes or dtypes do not fit or the sequence is shorter than the window.

    Source: Waibel et al. 1989, "Phoneme recognition using time-delay neural networks", figure 1; dilation from van den
    Oord et al. 2016, "WaveNet", figure 3. Signal processing calls this a cross-correlation: its convolution reads the
    window backwards.
    """
    check_inputs(x, W, b, dilation)
    span = receptive_field([W.shape[2]], [dilation])
    windows = x.unfold(1, span, 1)[..., ::dilation]  # batch, shorter, input, width
    return torch.einsum("btij,oij->bto", windows, W) + b


def check_inputs(x: Tensor, W: Tensor, b: Tensor, dilation: int) -> None:
    """Raise ValueError or TypeError, saying what was expected and what came, unless a sequence fits the window."""
    expect.same_dtype(x=x, W=W, b=b)
    expect.shape("W", W, {"output": None, "input": None, "width": None})
    outputs, inputs, width = W.shape
    expect.shape("b", b, {"output": outputs})
    expect.shape("x", x, {"batch": None, "time": None, "input": inputs})
    span = receptive_field([width], [dilation])
    if x.shape[1] < span:
        raise ValueError(f"x: expected at least {span} steps, as many as the window spans, got {x.shape[1]}")


def receptive_field(widths: Sequence[int], dilations: Sequence[int] | None = None) -> int:
    r"""Return how many steps of the input one output of a stack of convolutions sees.

    $$r = 1 + \sum_l (k_l - 1)\, d_l$$

    where $k_l$ is the width of layer l and $d_l$ its dilation (1 if not given); every layer moves one step at a time.

    Raises ValueError when there are not as many dilations as widths or one of them is below 1.
    """
    dilations = [1] * len(widths) if dilations is None else dilations
    if len(dilations) != len(widths):
        raise ValueError(f"dilations: expected one for each of {len(widths)} layers, got {len(dilations)}")
    for name, numbers in {"widths": widths, "dilations": dilations}.items():
        if any(number < 1 for number in numbers):
            raise ValueError(f"{name}: expected at least 1 everywhere, got {list(numbers)}")
    return 1 + sum((width - 1) * dilation for width, dilation in zip(widths, dilations, strict=True))


class Conv1DClassifier(nn.Module):
    r"""Convolutions with relu, the largest value of each channel over time, and an output layer.

    $$z^{[l]} = \operatorname{relu}(\text{conv1d}(z^{[l-1]})) \qquad
    \text{logits} = W_y \max_t z^{[L]}_t + b_y$$

    where $z^{[0]} = x$. The maximum forgets where it was found: any length from `receptive_field` on will do.
    """

    def __init__(
        self,
        inputs: int,
        channels: int,
        outputs: int,
        widths: Sequence[int] = (5,),
        dilations: Sequence[int] | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.at_least_one(inputs=inputs, channels=channels, outputs=outputs, layers=len(widths))
        self.dilations = tuple(dilations or [1] * len(widths))
        self.receptive_field = receptive_field(widths, self.dilations)
        sizes = [inputs] + [channels] * len(widths)
        self.W = nn.ParameterList(
            torch.empty(after, before, width, dtype=dtype)
            for before, after, width in zip(sizes, sizes[1:], widths, strict=False)
        )
        self.b = nn.ParameterList(torch.empty(channels, dtype=dtype) for _ in widths)
        self.W_y = nn.Parameter(torch.empty(outputs, channels, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(outputs, dtype=dtype))
        for W, b in [*zip(self.W, self.b, strict=True), (self.W_y, self.b_y)]:
            start_uniform([W, b], W[0].numel())

    def forward(self, x: Float[Tensor, "batch time input"]) -> Float[Tensor, "batch output"]:
        """Return the logits of every sequence."""
        z = x
        for W, b, dilation in zip(self.W, self.b, self.dilations, strict=True):
            z = torch.relu(conv1d(z, W, b, dilation))
        return z.amax(1) @ self.W_y.T + self.b_y
