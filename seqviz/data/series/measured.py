"""Three measured series, each in a file beside this one, as statsmodels' datasets have them; all are public domain.

- ``nile.csv``: volume of the Nile at Aswan, in 10⁸ m³ a year, 1871–1970. Cobb 1978, "The problem of the Nile:
  conditional solution to a changepoint problem".
- ``sunspots.csv``: mean number of sunspots of each year, 1700–2008. National Geophysical Data Center, from the
  observatories of Zurich and Brussels; these are the numbers before the revision of 2015.
- ``us_economy.csv``: gross domestic product, consumption and investment of the United States by quarter, 1959–2009, in
  10⁹ dollars of 2005, seasonally adjusted. Federal Reserve Bank of St. Louis, FRED.
"""

import csv
from functools import cache
from pathlib import Path

import torch

from seqviz.data.sequences.measured import Series


@cache
def nile() -> Series:
    """Return the volume of the Nile for every year from 1871 to 1970."""
    return _read("nile")


@cache
def sunspots() -> Series:
    """Return the mean number of sunspots for every year from 1700 to 2008."""
    return _read("sunspots")


@cache
def us_growth() -> Series:
    r"""Return the growth of output, consumption and investment from each quarter to the next, in percent.

    $$100 \log (v_t / v_{t-1})$$
    """
    times, names, values = _read("us_economy")
    return Series(times[1:], names, 100 * values.log().diff(dim=0))


def _read(name: str) -> Series:
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    values = torch.tensor([[float(value) for value in row[1:]] for row in rows], dtype=torch.float64)
    return Series(tuple(row[0] for row in rows), tuple(names[1:]), values)
