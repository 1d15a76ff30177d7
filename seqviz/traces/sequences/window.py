"""Slide one window of weights along a sequence and record what it makes at each place."""

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models.sequences.conv1d import conv1d
from seqviz.traces.sequences.records import WindowTrace


def trace_window(weights: Float[Tensor, " width"], x: Float[Tensor, " time"]) -> WindowTrace:
    r"""Record $z_t = \sum_j w_j\, x_{t+j}$ at every place t where the whole window fits.

    Raises ValueError when the sequence is shorter than the window.
    """
    with torch.no_grad():
        z = conv1d(x[None, :, None], weights[None, None], weights.new_zeros(1))
    return WindowTrace(inputs=x.numpy(), weights=weights.numpy(), outputs=z[0, :, 0].numpy())
