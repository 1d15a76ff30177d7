"""Forecasts from one time know nothing later, and are those of the models."""

import numpy as np
import pytest
import torch

from seqviz.data.sequences.measured import Series
from seqviz.models.series import autoregression, kalman
from seqviz.models.series.intervals import normal_interval
from seqviz.traces.series.fan import forecasters, trace_fan


def walk() -> torch.Tensor:
    return torch.randn(60, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).cumsum(0)


def series(y: torch.Tensor) -> Series:
    return Series(tuple(str(1900 + t) for t in range(len(y))), ("height",), y[:, None])


@pytest.mark.parametrize("name", ["last value", "AR(1)", "AR(3)", "local level"])
def test_what_comes_later_changes_no_forecast(name):
    y = walk()
    ahead = forecasters(y[:40], (1, 3))[name]
    one = trace_fan(series(y), ahead, name, 45, 5)
    other = y.clone()
    other[46:] += 100
    later = trace_fan(series(other), ahead, name, 45, 5)
    for what in ("mean", "low", "high"):
        np.testing.assert_array_equal(getattr(one, what), getattr(later, what))
    assert (np.diff(one.high - one.low) > 0).all(), "the further ahead, the less is known"
    other[45] += 1
    assert (trace_fan(series(other), ahead, name, 45, 5).mean != one.mean).all()


def test_each_forecast_is_its_models():
    y = walk()
    found = forecasters(y[:40], (2,))
    mean, variance = found["last value"](y[:50], 3)
    assert mean.tolist() == [y[49].item()] * 3
    step = y[:40].diff().square().mean().item()
    assert variance.tolist() == pytest.approx([step, 2 * step, 3 * step])
    ahead = autoregression.forecast(autoregression.fit(y[:40, None], 2), y[:50, None], 3)
    torch.testing.assert_close(found["AR(2)"](y[:50], 3), (ahead.mean[:, 0], ahead.variance[:, 0]))
    level = kalman.fit_local_level(y[:40])
    belief = kalman.kalman_filter(level, kalman.after_first(level, y[0]), y[1:50, None]).updated[-1]
    told = kalman.forecast(level, belief, 3)
    torch.testing.assert_close(found["local level"](y[:50], 3), (told.mean[:, 0], told.covariance[:, 0, 0]))


def test_the_interval_is_the_normal_one():
    y = walk()
    ahead = forecasters(y[:40], (1,))["AR(1)"]
    trace = trace_fan(series(y), ahead, "AR(1)", 50, 4, level=0.5)
    low, high = normal_interval(*ahead(y[:51], 4), 0.5)
    np.testing.assert_allclose(trace.low, low)
    np.testing.assert_allclose(trace.high, high)
    assert (trace.unit, trace.origin, trace.times[50]) == ("height", 50, "1950")


@pytest.mark.parametrize("origin", [0, 60])
def test_an_origin_outside_the_series_is_refused(origin):
    y = walk()
    with pytest.raises(ValueError, match=f"origin: expected 1 … 59, got {origin}"):
        trace_fan(series(y), forecasters(y, (1,))["last value"], "last value", origin, 3)
