"""One small training loop: a number of steps, a progress bar, a record of what happened."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm


@dataclass(frozen=True)
class History:
    """What each step saw: the loss before its update, and the norm of the whole gradient before any clipping."""

    losses: tuple[float, ...]
    gradient_norms: tuple[float, ...]


def train(
    model: nn.Module,
    loss_of: Callable[[int], Tensor],
    *,
    steps: int,
    learning_rate: float = 1e-2,
    clip_norm: float = math.inf,
    description: str = "training",
) -> History:
    """Lower ``loss_of(step)`` over the parameters of ``model`` with Adam, for a fixed number of steps.

    where the gradient is scaled down to clip_norm if its norm is larger.

    Raises FloatingPointError at the first step whose loss is not finite: its update would spoil every weight.
    """
    optimizer = torch.optim.Adam(model.parameters(), learning_rate)
    losses, norms = [], []
    bar = tqdm(range(steps), desc=description, unit="step", mininterval=0.5)
    for step in bar:
        optimizer.zero_grad()
        loss = loss_of(step)
        if not torch.isfinite(loss):
            raise FloatingPointError(f"step {step}: expected a finite loss, got {loss.item()}")
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        optimizer.step()
        losses.append(loss.item())
        norms.append(norm.item())
        bar.set_postfix(loss=f"{losses[-1]:.3f}", refresh=False)
    return History(tuple(losses), tuple(norms))
