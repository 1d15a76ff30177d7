r"""The forecast that every other has to beat: the last value.

$$\hat y_{t+h \mid t} = y_t$$
"""

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect


def last_value(y: Float[Tensor, "time feature"], horizon: int) -> Float[Tensor, "origin horizon feature"]:
    r"""Return, for every time t from which something is still to come, the forecast $y_t$ of the next steps.

    Raises ValueError for a horizon below 1 and for fewer than two times.
    """
    expect.at_least_one(horizon=horizon, origins=len(y) - 1)
    return y[:-1, None].expand(-1, horizon, -1)


def outcomes(y: Float[Tensor, "time feature"], horizon: int) -> Float[Tensor, "origin horizon feature"]:
    r"""Return what came after every time but the last: $y_{t+1}, …, y_{t+h}$, and NaN beyond the end of the series.

    Raises ValueError for a horizon below 1 and for fewer than two times.
    """
    expect.at_least_one(horizon=horizon, origins=len(y) - 1)
    beyond = y.new_full((horizon - 1, y.shape[1]), torch.nan)
    return torch.cat([y[1:], beyond]).unfold(0, horizon, 1).mT


def skill(
    forecasts: Float[Tensor, "*axes"], baseline: Float[Tensor, "*axes"], came: Float[Tensor, "*axes"]
) -> Float[Tensor, ""]:
    r"""Return how much of the baseline's mean squared error a forecast saves.

    $$1 - \frac{\sum (\hat y - y)^2}{\sum (\hat y^{\text{base}} - y)^2}$$

    where only what came counts, not NaN. 1 is a forecast without error, 0 one that is as good as the baseline, and a
    negative one is worse. It does not depend on the unit of y. Raises ValueError where nothing came.

    Source: Murphy 1988, "Skill scores based on the mean square error and their relationships to the correlation
    coefficient", equation 4.
    """
    known = ~came.isnan()
    if not known.any():
        raise ValueError("came: expected at least one number, got NaN alone")
    error, of_baseline = ((one - came)[known].square().sum() for one in (forecasts, baseline))
    return 1 - error / of_baseline
