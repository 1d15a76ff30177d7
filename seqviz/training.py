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
    schedule: Callable[[int], float] | None = None,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.Adam,
    clip_norm: float = math.inf,
    description: str = "training",
) -> History:
    """Lower ``loss_of(step)`` over the parameters of ``model``, for a fixed number of steps.

    where ``schedule(step)``, if given, multiplies the learning rate of that step, the optimizer is one of torch's,
    called as ``optimizer(parameters, lr=learning_rate)``, and the gradient is scaled down to clip_norm if its norm is
    larger.

    Raises FloatingPointError at the first step whose loss is not finite: its update would spoil every weight.
    """
    descent = optimizer(model.parameters(), lr=learning_rate)
    rate = torch.optim.lr_scheduler.LambdaLR(descent, schedule or (lambda _step: 1.0))
    losses, norms = [], []
    bar = tqdm(range(steps), desc=description, unit="step", mininterval=0.5)
    for step in bar:
        descent.zero_grad()
        loss = loss_of(step)
        if not torch.isfinite(loss):
            raise FloatingPointError(f"step {step}: expected a finite loss, got {loss.item()}")
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        descent.step()
        rate.step()
        losses.append(loss.item())
        norms.append(norm.item())
        bar.set_postfix(loss=f"{losses[-1]:.3f}", refresh=False)
    return History(tuple(losses), tuple(norms))
