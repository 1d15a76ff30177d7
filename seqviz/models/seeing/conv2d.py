r"""The convolution in two dimensions, and a small network of it that keeps where something was seen."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.torch_weights import start_uniform


def conv2d(
    x: Float[Tensor, "batch input row column"],
    W: Float[Tensor, "output input height width"],
    b: Float[Tensor, " output"],
    padding: int = 0,
) -> Float[Tensor, "batch output lower narrower"]:
    r"""Slide one window of weights over a picture.

    $$z_{o,i,j} = b_o + \sum_c \sum_{u=0}^{k_h-1} \sum_{v=0}^{k_w-1} W_{o,c,u,v}\, x_{c,\,i+u-p,\,j+v-p}$$

    where $k_h$ and $k_w$ are the window's height and width and p the rows and columns of zeros laid around the picture.
    The window stays inside these.

    Raises ValueError or TypeError when shapes or dtypes do not fit, the padding is negative, or the picture is smaller
    than the window.

    Source: LeCun et al. 1989, "Backpropagation applied to handwritten zip code recognition". As in `conv1d`, signal
    processing calls this a cross-correlation.
    """
    _expect_window(x, W, b, padding)
    height, width = W.shape[2:]
    around = nn.functional.pad(x, (padding,) * 4)
    windows = around.unfold(2, height, 1).unfold(3, width, 1)  # batch, input, lower, narrower, height, width
    return torch.einsum("bcijuv,ocuv->boij", windows, W) + b[:, None, None]


def _expect_window(x: Tensor, W: Tensor, b: Tensor, padding: int) -> None:
    expect.same_dtype(x=x, W=W, b=b)
    expect.shape("W", W, {"output": None, "input": None, "height": None, "width": None})
    outputs, inputs, height, width = W.shape
    expect.shape("b", b, {"output": outputs})
    expect.shape("x", x, {"batch": None, "input": inputs, "row": None, "column": None})
    if padding < 0:
        raise ValueError(f"padding: expected at least 0, got {padding}")
    rows, columns = (side + 2 * padding for side in x.shape[2:])
    if rows < height or columns < width:
        raise ValueError(f"x: expected at least {height} × {width}, the window, got {rows} × {columns} with padding")


def max_pool(x: Float[Tensor, "batch channel row column"], size: int) -> Float[Tensor, "batch channel fewer less"]:
    r"""Keep the largest value of every square of a channel: $z_{c,i,j} = \max_{u,v < n} x_{c,\,ni+u,\,nj+v}$.

    where n is the size; rows and columns that fill no square are left out. Raises ValueError for a size below 1.
    """
    expect.at_least_one(size=size)
    expect.shape("x", x, {"batch": None, "channel": None, "row": None, "column": None})
    return x.unfold(2, size, size).unfold(3, size, size).amax((-2, -1))


class ConvNet(nn.Module):
    r"""Convolutions of 3 × 3 with relu; all but the last are followed by a maximum over squares of 2 × 2.

    $$z^{[l]} = \operatorname{maxpool}_2 \operatorname{relu}(\text{conv2d}(z^{[l-1]}, W^{[l]}, b^{[l]}, p = 1))$$

    where $z^{[0]}$ is the picture. What comes out is a grid of cells: with three layers a quarter as many rows and
    columns, each cell a vector of what is seen there. The convolution is torch's, which `conv2d` equals.

    Raises ValueError for less than one layer.
    """

    def __init__(self, inputs: int, channels: Sequence[int], dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(inputs=inputs, layers=len(channels))
        pairs = list(zip([inputs, *channels], channels, strict=False))
        self.W = nn.ParameterList(torch.empty(after, before, 3, 3, dtype=dtype) for before, after in pairs)
        self.b = nn.ParameterList(torch.empty(after, dtype=dtype) for _, after in pairs)
        for W, b in zip(self.W, self.b, strict=True):
            start_uniform([W, b], W[0].numel())

    def forward(self, pictures: Float[Tensor, "batch input row column"]) -> Float[Tensor, "batch cell channel"]:
        """Return what each cell of the grid sees, row after row."""
        z = pictures
        for layer, (W, b) in enumerate(zip(self.W, self.b, strict=True)):
            z = torch.relu(nn.functional.conv2d(z, W, b, padding=1))
            if layer < len(self.W) - 1:
                z = max_pool(z, 2)
        return z.flatten(2).mT


class ThingNamer(nn.Module):
    r"""Name the one thing of a picture: its colour and its shape, from the largest value of every channel.

    $$\text{logits} = W_y \max_{\text{cells}} \text{ConvNet}(x) + b_y$$

    where the first logits are those of the colours, the others those of the shapes.
    """

    def __init__(self, channels: Sequence[int], outputs: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        self.net = ConvNet(3, channels, dtype)
        self.W_y = nn.Parameter(torch.empty(outputs, channels[-1], dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(outputs, dtype=dtype))
        start_uniform([self.W_y, self.b_y], channels[-1])

    def forward(self, pictures: Float[Tensor, "batch 3 row column"]) -> Float[Tensor, "batch output"]:
        """Return the logits of every colour and every shape."""
        return self.net(pictures).amax(1) @ self.W_y.T + self.b_y
