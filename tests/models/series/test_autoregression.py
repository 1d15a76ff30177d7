"""Against statsmodels 0.15.0, whose numbers stand here, and against what the equations say of simulated series."""

import pytest
import torch

from seqviz.data.series.measured import sunspots, us_growth
from seqviz.models.series.autoregression import Autoregression, fit, forecast, lagged


def simulated(time: int, features: int = 2, order: int = 2, seed: int = 0) -> tuple[Autoregression, torch.Tensor]:
    draws = torch.Generator().manual_seed(seed)
    root = torch.randn(features, features, dtype=torch.float64, generator=draws)
    A = 0.3 * torch.randn(order, features, features, dtype=torch.float64, generator=draws)
    model = Autoregression(torch.arange(1.0, features + 1, dtype=torch.float64), A, root @ root.T)
    y = [torch.zeros(features, dtype=torch.float64)] * order
    for _ in range(time):
        noise = root @ torch.randn(features, dtype=torch.float64, generator=draws)
        y.append(model.c + sum(A[i] @ y[-1 - i] for i in range(order)) + noise)
    return model, torch.stack(y)


def test_the_latest_value_stands_first():
    y = torch.arange(10.0).view(5, 2)
    assert lagged(y, 2).tolist() == [[1, 2, 3, 0, 1], [1, 4, 5, 2, 3], [1, 6, 7, 4, 5]]


def test_sunspots_as_statsmodels_fits_and_forecasts_them():
    """AutoReg(y, 2).fit(): params, sigma2; get_prediction: predicted_mean, se_mean."""
    y = sunspots().values[:200]
    model = fit(y, 2)
    assert [model.c.item(), *model.A.flatten().tolist()] == pytest.approx(
        [13.617263940145962, 1.3694596310369482, -0.677123588940704], abs=1e-9
    )
    assert model.sigma.item() == pytest.approx(217.74446978056264, abs=1e-8)
    ahead = forecast(model, y, 5)
    mean = [12.108525650976238, 22.006205584350784, 35.55490577464462, 47.40735117960167, 54.46465219242638]
    error = [14.75616717784678, 25.022124886680142, 30.639336853998504, 32.39889872732548, 32.49139025385715]
    assert ahead.mean[:, 0].tolist() == pytest.approx(mean, abs=1e-8)
    assert ahead.variance[:, 0].sqrt().tolist() == pytest.approx(error, abs=1e-8)


def test_growth_as_statsmodels_forecasts_it():
    """VAR(y).fit(2): forecast, forecast_cov; its covariance of errors divides by 118 − 7, ours by 118."""
    y = us_growth().values[:120]
    ahead = forecast(fit(y, 2), y, 3)
    mean = [
        [0.6566759913376183, 0.8698790458489225, -0.5503685512414551],
        [0.6711946092593286, 0.8210744027949238, 0.25778462165935545],
        [0.8421509535509715, 0.8811268231085827, 1.0034038612271639],
    ]
    torch.testing.assert_close(ahead.mean, torch.tensor(mean, dtype=torch.float64), rtol=0, atol=1e-9)
    last = [1.033413308248331, 0.5181544681024436, 4.473213021067803]
    assert (ahead.covariance[2, 0] * 118 / 111).tolist() == pytest.approx(last, abs=1e-8)


def test_the_weights_of_a_long_series_are_found():
    model, y = simulated(20_000)
    found = fit(y, 2)
    torch.testing.assert_close(found.A, model.A, rtol=0, atol=0.06)
    torch.testing.assert_close(found.sigma, model.sigma, rtol=0.05, atol=0.05)


def test_forecasts_are_the_mean_and_the_spread_of_what_may_come():
    model, y = simulated(50, features=3, seed=2)
    ahead = forecast(model, y, 4)
    draws = torch.Generator().manual_seed(0)
    root = torch.linalg.cholesky(model.sigma)
    runs = [y[-2].expand(40_000, 3), y[-1].expand(40_000, 3)]
    for _ in range(4):
        noise = torch.randn(40_000, 3, dtype=torch.float64, generator=draws) @ root.T
        runs.append(model.c + runs[-1] @ model.A[0].T + runs[-2] @ model.A[1].T + noise)
    for h, run in enumerate(runs[2:]):
        spread = run.T.cov()
        scale = spread.diagonal().sqrt()
        assert ((run.mean(0) - ahead.mean[h]).abs() < 5 * scale / 200).all()
        assert ((spread - ahead.covariance[h]).abs() < 0.05 * torch.outer(scale, scale)).all()


def test_too_short_a_series_is_refused():
    _, y = simulated(10)
    with pytest.raises(ValueError, match="at least 7 times for order 2, got 6"):
        fit(y[:6], 2)
    model = fit(y, 2)
    with pytest.raises(ValueError, match="at least 2 times, got 1"):
        forecast(model, y[:1], 3)
    for ask in (lambda: fit(y, 0), lambda: forecast(model, y, 0)):
        with pytest.raises(ValueError, match="expected at least 1, got 0"):
            ask()
