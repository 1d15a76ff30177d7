"""The series are those of the literature, whole and in order."""

import pytest
import torch

from seqviz.data.series.measured import nile, sunspots, us_growth


def test_the_nile_has_a_hundred_years_and_the_mean_of_the_textbook():
    times, names, values = nile()
    assert (times[0], times[-1], names) == ("1871", "1970", ("volume",))
    assert values.shape == (100, 1)
    assert float(values.mean()) == pytest.approx(919.35)  # Durbin & Koopman 2012, section 2.2.5, show the series
    assert values[[0, 28, -1], 0].tolist() == [1120, 774, 740]


def test_sunspots_come_back_about_every_eleven_years():
    times, _, values = sunspots()
    assert [int(time) for time in times] == list(range(1700, 2009))
    size = torch.fft.rfft(values[:, 0] - values.mean()).abs()
    assert len(values) / int(size.argmax()) == pytest.approx(11, abs=0.3)


def test_growth_is_that_of_three_series_by_quarter():
    times, names, values = us_growth()
    assert names == ("output", "consumption", "investment")
    assert (times[0], times[-1], values.shape) == ("1959-Q2", "2009-Q3", (202, 3))
    assert values[0, 0].item() == pytest.approx(100 * torch.tensor(2778.801 / 2710.349).log().item(), abs=1e-4)
    assert values[-4, 0] < -1, "the last months of 2008"
    spread = values.std(0)
    assert spread[1] < spread[0] < spread[2], "investment moves most"
