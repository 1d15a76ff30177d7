"""An interval holds as much as it says, and counting agrees."""

import math

import pytest
import torch

from seqviz.models.series.intervals import coverage, inside, normal_interval


@pytest.mark.parametrize(("level", "z"), [(0.9, 1.6448536), (0.95, 1.9599640), (0.5, 0.6744898)])
def test_the_quantiles_of_the_table(level, z):
    mean, variance = torch.tensor([1.0, -2.0]), torch.tensor([4.0, 0.0])
    low, high = normal_interval(mean, variance, level)
    assert low.tolist() == pytest.approx([1 - 2 * z, -2], abs=1e-5)
    assert high.tolist() == pytest.approx([1 + 2 * z, -2], abs=1e-5)


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_normal_numbers_lie_inside_as_often_as_it_says(level):
    y = 3 + 2 * torch.randn(40_000, generator=torch.Generator().manual_seed(0))
    low, high = normal_interval(torch.full_like(y, 3.0), torch.full_like(y, 4.0), level)
    assert coverage(low, high, y) == pytest.approx(level, abs=0.01)


def test_ends_count_and_what_has_not_come_does_not():
    low, high = torch.tensor([0.0, 0.0, 0.0, 0.0, 0.0]), torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0])
    came = torch.tensor([0.0, 1.0, 1.5, -0.5, math.nan])
    assert inside(low, high, came).tolist() == [True, True, False, False, False]
    assert coverage(low, high, came) == 0.5


def test_what_is_no_interval_is_refused():
    zero = torch.zeros(1)
    for level in (0.0, 1.0, 90.0):
        with pytest.raises(ValueError, match="level: expected above 0 and below 1"):
            normal_interval(zero, zero, level)
    with pytest.raises(ValueError, match="variance: expected at least 0"):
        normal_interval(zero, zero - 1)
    with pytest.raises(ValueError, match="NaN alone"):
        coverage(zero, zero, zero / 0)
