"""Forecast a series from one of its times, and keep the interval of every step ahead."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.data.sequences.measured import Series
from seqviz.models.series import autoregression, baseline, kalman
from seqviz.models.series.intervals import normal_interval
from seqviz.traces.series.records import FanTrace

Ahead = tuple[Float[Tensor, " horizon"], Float[Tensor, " horizon"]]  # mean and variance
# What is known of a series and a horizon → the forecast
Forecaster = Callable[[Float[Tensor, " time"], int], Ahead]


def forecasters(known: Float[Tensor, " time"], orders: tuple[int, ...]) -> dict[str, Forecaster]:
    """Return the last value, autoregressions of some orders and a local level, all fitted to the same known times.

    The last value's errors add up like the steps of a random walk: their variance is h times that of one step.
    """
    step_variance = (known[1:] - baseline.last_value(known[:, None], 1)[:, 0, 0]).square().mean()

    def last(y: Tensor, horizon: int) -> Ahead:
        return y[-1].expand(horizon), step_variance * torch.arange(1, horizon + 1)

    def level(y: Tensor, horizon: int) -> Ahead:
        seen = kalman.kalman_filter(by_level, kalman.after_first(by_level, y[0]), y[1:, None]).updated[-1]
        ahead = kalman.forecast(by_level, seen, horizon)
        return ahead.mean[:, 0], ahead.covariance[:, 0, 0]

    def of(order: int) -> Forecaster:
        model = autoregression.fit(known[:, None], order)

        def ahead(y: Tensor, horizon: int) -> Ahead:
            found = autoregression.forecast(model, y[:, None], horizon)
            return found.mean[:, 0], found.variance[:, 0]

        return ahead

    by_level = kalman.fit_local_level(known)
    return {"last value": last, **{f"AR({order})": of(order) for order in orders}, "local level": level}


def trace_fan(
    series: Series, forecaster: Forecaster, name: str, origin: int, horizon: int, level: float = 0.9
) -> FanTrace:
    """Record the forecast of the first of the series' columns, as known until the time of number ``origin``.

    Raises ValueError for an origin that is not one of the times, or leaves fewer than two known.
    """
    if not 1 <= origin < len(series.times):
        raise ValueError(f"origin: expected 1 … {len(series.times) - 1}, got {origin}")
    values = series.values[:, 0].double()
    mean, variance = forecaster(values[: origin + 1], horizon)
    low, high = normal_interval(mean, variance, level)
    return FanTrace(
        times=series.times,
        unit=series.names[0],
        forecaster=name,
        level=level,
        values=values.numpy(),
        origin=origin,
        mean=mean.numpy(),
        low=low.numpy(),
        high=high.numpy(),
    )
