r"""Vector autoregression: the next values as a linear function of the last ones. With one feature it is AR(p).

$$y_t = c + A_1 y_{t-1} + … + A_p y_{t-p} + \varepsilon_t \qquad \varepsilon_t \sim N(0, \Sigma)$$

Source: Lütkepohl 2005, "New introduction to multiple time series analysis", sections 2.2 (forecasts, equation 2.2.11)
and 3.2 (least squares, equation 3.2.10). Yule 1927, "On a method of investigating periodicities in disturbed series",
for AR(2) and the sunspots.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect


class Autoregression(NamedTuple):
    """The weights of a vector autoregression: ``A[i]`` belongs to the values i + 1 steps before."""

    c: Float[Tensor, " feature"]
    A: Float[Tensor, "lag feature feature"]
    sigma: Float[Tensor, "feature feature"]

    @property
    def order(self) -> int:
        """How many steps back it looks."""
        return len(self.A)


class Forecast(NamedTuple):
    """The mean and the covariance of every step ahead, where all the weights are taken to be right."""

    mean: Float[Tensor, "horizon feature"]
    covariance: Float[Tensor, "horizon feature feature"]

    @property
    def variance(self) -> Float[Tensor, "horizon feature"]:
        """The variance of each number by itself."""
        return self.covariance.diagonal(dim1=1, dim2=2)


def lagged(y: Float[Tensor, "time feature"], order: int) -> Float[Tensor, "later inputs"]:
    r"""Return, for every time that has p before it, a 1 and the values before, the latest first: $(1, y_{t-1}, …)$."""
    rows = [y[order - lag : len(y) - lag] for lag in range(1, order + 1)]
    return torch.cat([y.new_ones(len(y) - order, 1), *rows], 1)


def fit(y: Float[Tensor, "time feature"], order: int) -> Autoregression:
    r"""Return the weights with the least squared error over a series, and the mean of its errors' products, Σ.

    Σ is divided by the number of errors; statsmodels' ``VAR`` divides by that less the weights of an equation, its
    ``AutoReg`` as here. Raises ValueError for an order below 1 and for a series that does not determine the weights.
    """
    expect.at_least_one(order=order)
    features = y.shape[1]
    weights = order * features + 1
    if len(y) - order < weights:
        raise ValueError(f"y: expected at least {weights + order} times for order {order}, got {len(y)}")
    x, later = lagged(y, order), y[order:]
    solution = torch.linalg.lstsq(x, later).solution
    errors = later - x @ solution
    A = solution[1:].view(order, features, features).mT
    return Autoregression(solution[0], A, errors.T @ errors / len(errors))


def forecast(model: Autoregression, y: Float[Tensor, "time feature"], horizon: int) -> Forecast:
    r"""Return what comes after a series: its own forecasts are fed back, and errors add up.

    $$\hat y_{t+h} = c + \sum_i A_i \hat y_{t+h-i} \qquad
      \Sigma_h = \sum_{j=0}^{h-1} \Phi_j \Sigma \Phi_j^\top \qquad
      \Phi_0 = I,\ \Phi_j = \sum_{i=1}^{\min(j, p)} A_i \Phi_{j-i}$$

    where $\Phi_j$ is what an error does j steps later. Raises ValueError for a horizon below 1 and for a series shorter
    than the order.
    """
    expect.at_least_one(horizon=horizon)
    if len(y) < model.order:
        raise ValueError(f"y: expected at least {model.order} times, got {len(y)}")
    known = list(y[len(y) - model.order :])
    effects = [torch.eye(y.shape[1], dtype=y.dtype)]
    for step in range(horizon):
        known.append(model.c + sum_of(model.A, known[::-1]))
        if step:
            effects.append(sum_of(model.A, effects[::-1]))
    grown = torch.stack([effect @ model.sigma @ effect.T for effect in effects])
    return Forecast(torch.stack(known[model.order :]), grown.cumsum(0))


def sum_of(A: Float[Tensor, "lag feature feature"], before: list[Tensor]) -> Tensor:
    r"""Return $\sum_i A_i b_i$ over as many of the lags as there are, where $b_1$ is the latest."""
    return torch.stack([A_i @ one for A_i, one in zip(A, before, strict=False)]).sum(0)
