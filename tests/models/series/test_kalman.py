"""The filter against conditioning of one large normal distribution, statsmodels 0.15.0 and the textbook's Nile."""

import math

import pytest
import torch

from seqviz.data.series.measured import nile
from seqviz.models.series.kalman import (
    Belief,
    StateSpace,
    after_first,
    fit_local_level,
    forecast,
    kalman_filter,
    level_log_likelihood,
    local_level,
    observed,
    update,
)


def drawn(states: int = 3, features: int = 2, time: int = 5) -> tuple[StateSpace, Belief, torch.Tensor]:
    draws = torch.Generator().manual_seed(0)

    def numbers(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, dtype=torch.float64, generator=draws)

    def covariance(size: int) -> torch.Tensor:
        root = numbers(size, size)
        return root @ root.T

    model = StateSpace(
        0.6 * numbers(states, states), numbers(features, states), covariance(states), covariance(features)
    )
    return model, Belief(numbers(states), covariance(states)), numbers(time, features)


def all_at_once(model: StateSpace, start: Belief, time: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and covariance of all states and then all values: every one is a linear function of start and noises."""
    states, features = len(model.F), len(model.H)
    sources = [start.covariance, *[model.Q] * (time - 1), *[model.R] * time]
    width = sum(len(one) for one in sources)
    rows, means, now, mean = [], [], torch.zeros(states, width, dtype=torch.float64), start.mean
    for t in range(time):
        if t:
            now, mean = model.F @ now, model.F @ mean
        now = now.clone()
        now[:, t * states : (t + 1) * states] += torch.eye(states, dtype=torch.float64)
        rows.append(now)
        means.append(mean)
    for t in range(time):
        seen = model.H @ rows[t]
        place = time * states + t * features
        seen[:, place : place + features] += torch.eye(features, dtype=torch.float64)
        rows.append(seen)
        means.append(model.H @ means[t])
    weights = torch.cat(rows)
    return torch.cat(means), weights @ torch.block_diag(*sources) @ weights.T


def given(mean: torch.Tensor, covariance: torch.Tensor, known: list[int], values: torch.Tensor, asked: slice) -> Belief:
    """The normal distribution of some numbers, given others."""
    S = covariance[known][:, known]
    gain = covariance[asked][:, known] @ torch.linalg.inv(S)
    of_asked = covariance[asked][:, asked] - gain @ covariance[known][:, asked]
    return Belief(mean[asked] + gain @ (values - mean[known]), of_asked)


def test_it_knows_what_one_large_normal_distribution_knows():
    model, start, y = drawn()
    y[1, 0], y[3] = math.nan, math.nan  # half of a value, and a whole one, were not seen
    found = kalman_filter(model, start, y)
    mean, covariance = all_at_once(model, start, len(y))
    for t in range(len(y)):
        for belief, until in ((found.predicted[t], t), (found.updated[t], t + 1)):
            seen = [i for i in range(2 * until) if not y.flatten()[i].isnan()]
            wanted = given(mean, covariance, [15 + i for i in seen], y.flatten()[seen], slice(3 * t, 3 * t + 3))
            torch.testing.assert_close(belief.mean, wanted.mean, rtol=0, atol=1e-10)
            torch.testing.assert_close(belief.covariance, wanted.covariance, rtol=0, atol=1e-10)
    seen = [i for i in range(10) if not y.flatten()[i].isnan()]
    places = [15 + i for i in seen]
    whole = torch.distributions.MultivariateNormal(mean[places], covariance[places][:, places])
    torch.testing.assert_close(found.log_likelihoods.sum(), whole.log_prob(y.flatten()[seen]), rtol=0, atol=1e-9)
    assert found.log_likelihoods[3] == 0


def test_forecasts_are_conditioned_too():
    model, start, y = drawn()
    ahead = forecast(model, kalman_filter(model, start, y[:3]).updated[-1], 2)
    mean, covariance = all_at_once(model, start, 5)
    wanted = given(mean, covariance, list(range(15, 21)), y[:3].flatten(), slice(21, 25))
    torch.testing.assert_close(ahead.mean.flatten(), wanted.mean)
    torch.testing.assert_close(
        torch.block_diag(*ahead.covariance),
        wanted.covariance * torch.block_diag(*torch.ones(2, 2, 2, dtype=torch.float64)),
    )


def test_the_nile_as_statsmodels_filters_it():
    """UnobservedComponents(y, "llevel"), initialised with N(1000, 50000), at the textbook's variances."""
    y = nile().values
    start = Belief(torch.tensor([1000.0], dtype=torch.float64), torch.tensor([[50_000.0]], dtype=torch.float64))
    found = kalman_filter(local_level(1469.1, 15_099.0), start, y)
    means = [one.mean.item() for one in found.updated[:3]]
    assert means == pytest.approx([1092.1673143980706, 1123.635582574006, 1065.891856183427], abs=1e-8)
    variances = [one.covariance.item() for one in found.updated[:3]]
    assert variances == pytest.approx([11596.952334137233, 7004.578647774112, 5427.642560885741], abs=1e-7)
    ahead = forecast(local_level(1469.1, 15_099.0), found.updated[-1], 1)
    assert ahead.mean.item() == pytest.approx(798.3702926083582, abs=1e-8)
    assert ahead.covariance.item() - 15_099 == pytest.approx(5501.257941808946, abs=1e-6)


def test_the_nile_is_fitted_near_the_textbooks_values():
    """Durbin & Koopman 2012, section 2.10.2; the log-likelihood is statsmodels' at its own optimum, −632.538."""
    y = nile().values[:, 0]
    model = fit_local_level(y)
    assert model.Q.item() == pytest.approx(1469.1, rel=1e-3)
    assert model.R.item() == pytest.approx(15_099, rel=1e-3)
    best = level_log_likelihood(y, model.Q.item(), model.R.item())
    for level, noise in ((1.05, 1), (0.95, 1), (1, 1.05), (1, 0.95)):
        assert level_log_likelihood(y, level * model.Q.item(), noise * model.R.item()) < best


def test_without_noise_the_level_is_the_last_value():
    y = torch.randn(300, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).cumsum(0)
    model = fit_local_level(y)
    assert model.R < 0.15 * model.Q
    exact = local_level(1.0, 0.0)
    found = kalman_filter(exact, after_first(exact, y[0]), y[1:20, None])
    assert [one.mean.item() for one in found.updated] == pytest.approx(y[1:20].tolist())


def test_a_value_that_was_not_seen_changes_nothing():
    model, start, _ = drawn()
    assert update(model, start, torch.full((2,), math.nan, dtype=torch.float64)) is start
    assert observed(model, start).covariance.shape == (2, 2)


def test_no_step_is_refused():
    model, start, y = drawn()
    with pytest.raises(ValueError, match="time: expected at least 1"):
        kalman_filter(model, start, y[:0])
    with pytest.raises(ValueError, match="horizon: expected at least 1"):
        forecast(model, start, 0)
    with pytest.raises(ValueError, match="times: expected at least 1, got 0"):
        fit_local_level(torch.tensor([1.0, 2.0], dtype=torch.float64))
