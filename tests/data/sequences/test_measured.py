"""Series as plotly carries them."""

import gzip
from pathlib import Path

import plotly
import pytest

from seqviz.data.sequences.measured import country, share_prices


def test_share_prices_are_those_of_the_file():
    series = share_prices()
    assert series.values.shape == (len(series.times), len(series.names)) == (105, 6)
    assert (series.values[0] == 1).all()
    path = Path(plotly.__file__).parent / "package_data" / "datasets" / "stocks.csv.gz"
    last = gzip.decompress(path.read_bytes()).decode().splitlines()[-1].split(",")
    assert series.times[-1] == last[0]
    assert series.values[-1].tolist() == pytest.approx([float(price) for price in last[1:]])


def test_a_country_has_three_numbers_every_five_years():
    series = country("Rwanda")
    assert series.times == tuple(str(year) for year in range(1952, 2008, 5))
    assert series.names == ("life expectancy", "population", "income per person")
    assert series.values[series.times.index("1992"), 0] == pytest.approx(23.599)
    with pytest.raises(ValueError, match="got 'Atlantis'"):
        country("Atlantis")
