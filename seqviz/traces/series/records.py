"""What was recorded of forecasts, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class FanTrace:
    """A series until the time from which it is forecast, the forecast with its interval, and what came."""

    times: tuple[str, ...]  # all of the series
    unit: str
    forecaster: str
    level: float
    values: Float[np.ndarray, " time"]
    origin: int  # number of the last time that was known
    mean: Float[np.ndarray, " horizon"]
    low: Float[np.ndarray, " horizon"]
    high: Float[np.ndarray, " horizon"]
