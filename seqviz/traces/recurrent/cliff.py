"""Walk down the loss of a network of one unit, with and without clipping, and keep the way."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from seqviz.models.recurrent.small_networks import one_unit
from seqviz.traces.recurrent.records import CliffSurface, CliffTrace

Shorten = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


def trace_surface(w: np.ndarray, b: np.ndarray, steps: int = 50) -> CliffSurface:
    """Record the loss over a grid of w and b."""
    grid_b, grid_w = torch.meshgrid(torch.from_numpy(b), torch.from_numpy(w), indexing="ij")
    return CliffSurface(w, b, one_unit(grid_w, grid_b, steps)[0].numpy())


def trace_descents(
    start: tuple[float, float], thresholds: np.ndarray, updates: int = 25, learning_rate: float = 0.3, steps: int = 50
) -> CliffTrace:
    r"""Gradient descent from one point: as it is, clipped by its norm, and clipped entry by entry, at every threshold.

    $$\theta \leftarrow \theta - \eta\, \operatorname{clip}(\nabla \mathcal L) \qquad \theta = (w, b)$$

    where $\eta$ is the learning rate. All thresholds walk side by side.
    """
    limits = torch.from_numpy(thresholds)

    def by_norm(dw: Tensor, db: Tensor) -> tuple[Tensor, Tensor]:
        factor = limits / torch.maximum(torch.hypot(dw, db), limits)
        return factor * dw, factor * db

    def by_value(dw: Tensor, db: Tensor) -> tuple[Tensor, Tensor]:
        return torch.clamp(dw, -limits, limits), torch.clamp(db, -limits, limits)

    def walk(shorten: Shorten) -> np.ndarray:
        w, b = (torch.full_like(limits, value) for value in start)
        way = []
        for update in range(updates + 1):
            loss, dw, db = one_unit(w, b, steps)
            way.append(torch.stack([w, b, loss, torch.hypot(dw, db)], -1))
            if update < updates:
                dw, db = shorten(dw, db)
                w, b = w - learning_rate * dw, b - learning_rate * db
        return torch.stack(way, 1).numpy()

    plain = walk(lambda dw, db: (dw, db))[0]
    return CliffTrace(thresholds, plain, walk(by_norm), walk(by_value))
