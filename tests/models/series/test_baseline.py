"""The last value as a forecast, what came, and the share of its error that another saves."""

import math

import pytest
import torch

from seqviz.models.series.baseline import last_value, outcomes, skill

Y = torch.tensor([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0], [7.0, 70.0]], dtype=torch.float64)


def test_each_time_forecasts_itself_and_is_met_by_what_came():
    assert last_value(Y, 2)[..., 0].tolist() == [[1, 1], [2, 2], [4, 4]]
    came = outcomes(Y, 2)
    assert came[..., 0].tolist()[:2] == [[2, 4], [4, 7]]
    assert came.shape == (3, 2, 2)
    assert came[2, 0].tolist() == [7, 70]
    assert came[2, 1].isnan().all()


def test_skill_by_hand():
    base, came = last_value(Y, 1), outcomes(Y, 1)
    error = torch.zeros_like(base)
    error[0, 0, 0] = 2
    assert float(skill(came, base, came)) == 1
    assert float(skill(base, base, came)) == 0
    squares = 1 + 4 + 9
    assert float(skill(came + error, base, came)) == pytest.approx(1 - 4 / (101 * squares))


def test_what_has_not_come_does_not_count_and_the_unit_does_not_either():
    base, came = last_value(Y, 3), outcomes(Y, 3)
    guess = came.nan_to_num(1e9) + 1
    found = skill(guess, base, came)
    assert -1 < float(found) < 1
    torch.testing.assert_close(skill(3 * guess, 3 * base, 3 * came), found)
    with pytest.raises(ValueError, match="NaN alone"):
        skill(base, base, torch.full_like(base, math.nan))


def test_there_is_nothing_to_forecast_in_one_value():
    for ask in (last_value, outcomes):
        with pytest.raises(ValueError, match="origins: expected at least 1, got 0"):
            ask(Y[:1], 1)
        with pytest.raises(ValueError, match="horizon"):
            ask(Y, 0)
