r"""The Kalman filter: a hidden state that moves linearly, seen through noise, and what is known of it at every step.

$$h_t = F h_{t-1} + w_t,\quad w_t \sim N(0, Q) \qquad y_t = H h_t + v_t,\quad v_t \sim N(0, R)$$

Source: Kalman 1960, "A new approach to linear filtering and prediction problems"; Durbin & Koopman 2012, "Time series
analysis by state space methods", chapters 2 (local level, the Nile) and 4.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect

GOLDEN = (math.sqrt(5) - 1) / 2


class StateSpace(NamedTuple):
    """The matrices of the model: how the state moves, how it is seen, and both noises' covariances."""

    F: Float[Tensor, "state state"]
    H: Float[Tensor, "feature state"]
    Q: Float[Tensor, "state state"]
    R: Float[Tensor, "feature feature"]


class Belief(NamedTuple):
    """What is known of the state: a normal distribution."""

    mean: Float[Tensor, " state"]
    covariance: Float[Tensor, "state state"]


class Filtered(NamedTuple):
    r"""For every step, the belief before and after its value was seen, and $\log p(y_t \mid y_1 … y_{t-1})$."""

    predicted: tuple[Belief, ...]
    updated: tuple[Belief, ...]
    log_likelihoods: Float[Tensor, " time"]


def predict(model: StateSpace, belief: Belief) -> Belief:
    r"""Return the belief one step later, before anything is seen: $F m$ and $F P F^\top + Q$."""
    return Belief(model.F @ belief.mean, model.F @ belief.covariance @ model.F.T + model.Q)


def observed(model: StateSpace, belief: Belief) -> Belief:
    r"""Return what a belief about the state says of the value seen: $H m$ and $S = H P H^\top + R$."""
    return Belief(model.H @ belief.mean, model.H @ belief.covariance @ model.H.T + model.R)


def update(model: StateSpace, belief: Belief, y: Float[Tensor, " feature"]) -> Belief:
    r"""Return the belief after a value was seen.

    $$K = P H^\top S^{-1} \qquad m \leftarrow m + K (y - H m) \qquad P \leftarrow (I - K H) P$$

    where P is the covariance *before* the update in all three. Where a number of y is NaN it was not seen, and the
    others alone count; where all are, the belief stays.
    """
    seen = ~y.isnan()
    if not seen.any():
        return belief
    of_seen = model._replace(H=model.H[seen], R=model.R[seen][:, seen])
    expected = observed(of_seen, belief)
    gain = torch.linalg.solve(expected.covariance, of_seen.H @ belief.covariance).T
    mean = belief.mean + gain @ (y[seen] - expected.mean)
    return Belief(mean, belief.covariance - gain @ of_seen.H @ belief.covariance)


def kalman_filter(model: StateSpace, start: Belief, y: Float[Tensor, "time feature"]) -> Filtered:
    r"""Return what is known at every step of a series, where ``start`` is the belief about $h_1$ before $y_1$.

    $$\log p(y_t \mid y_1 … y_{t-1}) = -\tfrac12 \big(e^\top S^{-1} e + \log \det 2\pi S\big) \qquad e = y_t - H m$$

    Raises ValueError for no step.
    """
    expect.at_least_one(time=len(y))
    predicted, updated, said = [start], [], []
    for y_t in y:
        said.append(_log_density(observed(model, predicted[-1]), y_t))
        updated.append(update(model, predicted[-1], y_t))
        predicted.append(predict(model, updated[-1]))
    return Filtered(tuple(predicted[:-1]), tuple(updated), torch.stack(said))


def _log_density(expected: Belief, y: Float[Tensor, " feature"]) -> Float[Tensor, ""]:
    """Return the log-density of what was seen of a value."""
    seen = ~y.isnan()
    if not seen.any():
        return y.new_zeros(())
    error, S = (y - expected.mean)[seen], expected.covariance[seen][:, seen]
    distance = error @ torch.linalg.solve(S, error)
    return -(distance + torch.logdet(S) + len(error) * math.log(2 * math.pi)) / 2


def forecast(model: StateSpace, belief: Belief, horizon: int) -> Belief:
    """Return mean and covariance of the next values, (horizon, …), given the belief after the last one seen.

    Raises ValueError for a horizon below 1.
    """
    expect.at_least_one(horizon=horizon)
    steps = []
    for _ in range(horizon):
        belief = predict(model, belief)
        steps.append(observed(model, belief))
    return Belief(torch.stack([one.mean for one in steps]), torch.stack([one.covariance for one in steps]))


def local_level(level_variance: float, noise_variance: float) -> StateSpace:
    r"""Return the model of a level that wanders, seen through noise: $h_t = h_{t-1} + w_t$, $y_t = h_t + v_t$."""
    one = torch.ones(1, 1, dtype=torch.float64)
    return StateSpace(one, one, one * level_variance, one * noise_variance)


def fit_local_level(y: Float[Tensor, " time"]) -> StateSpace:
    r"""Return the local level under which a series is likeliest, given its first value.

    The first value alone says where the level begins, $N(y_1, R)$, and has no part in the likelihood. For a ratio
    $q = Q / R$ the likeliest R is known, $\frac{1}{T-1} \sum_t e_t^2 / S_t$, where e, the surprises, and S, their
    variances, are those of a filter with R = 1. So q alone is searched, from $e^{-12}$ to $e^{12}$: on a grid, then
    between the neighbours of its best place. Raises ValueError for fewer than three times.

    Source: Durbin & Koopman 2012, section 2.9 (the diffuse start) and 2.10.2 (the concentrated likelihood; the Nile:
    1469.1 and 15099).
    """
    expect.at_least_one(times=len(y) - 2)
    values = y.tolist()
    grid = [place / 4 for place in range(-48, 49)]
    best = max(grid, key=lambda log_q: _concentrated(values, log_q)[0])
    low, high = best - 0.25, best + 0.25
    while high - low > 1e-7:  # golden section
        first, second = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if _concentrated(values, first)[0] < _concentrated(values, second)[0]:
            low = first
        else:
            high = second
    middle = (low + high) / 2
    _, noise = _concentrated(values, middle)
    return local_level(noise * math.exp(middle), noise)


def _concentrated(values: list[float], log_q: float) -> tuple[float, float]:
    """Return the log-likelihood of a ratio, less a constant, with the likeliest R for it; and that R."""
    q, mean, variance = math.exp(log_q), values[0], 1.0
    squares = logs = 0.0
    for value in values[1:]:
        variance += q
        total = variance + 1
        surprise = value - mean
        squares += surprise**2 / total
        logs += math.log(total)
        mean += variance / total * surprise
        variance -= variance**2 / total
    count = len(values) - 1
    noise = max(squares / count, 1e-300)  # a series that never moves has none
    return -(count * math.log(noise) + logs) / 2, noise


def level_log_likelihood(y: Float[Tensor, " time"], level_variance: float, noise_variance: float) -> float:
    r"""Return $\log p(y_2 … y_T \mid y_1)$ of a local level."""
    model = local_level(level_variance, noise_variance)
    return float(kalman_filter(model, after_first(model, y[0]), y[1:, None]).log_likelihoods.sum())


def after_first(model: StateSpace, first: Float[Tensor, ""]) -> Belief:
    """Return the belief about the second level, where only the first value was seen: its own noise, and one step."""
    return predict(model, Belief(first[None], model.R))
