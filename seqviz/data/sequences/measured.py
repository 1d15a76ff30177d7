"""Two real series, which plotly carries with it: share prices week by week, and the history of countries.

Sources: the datasets ``stocks`` and ``gapminder`` of plotly's package (the second from gapminder.org, CC BY).
"""

import csv
import gzip
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor


class Series(NamedTuple):
    """What was measured at each time, one column for each name."""

    times: tuple[str, ...]
    names: tuple[str, ...]
    values: Float[Tensor, "time feature"]


@cache
def share_prices() -> Series:
    """Return six share prices for every week of 2018 and 2019, each divided by its first."""
    rows = list(_rows("stocks"))
    names = tuple(name for name in rows[0] if name != "date")
    values = [[float(row[name]) for name in names] for row in rows]
    return Series(tuple(row["date"] for row in rows), names, torch.tensor(values))


@cache
def country(name: str) -> Series:
    """Return life expectancy, population and income per person of a country, every five years from 1952 to 2007.

    Raises ValueError for a country that is not in the data.
    """
    rows = [row for row in _rows("gapminder") if row["country"] == name]
    if not rows:
        raise ValueError(f"name: expected a country of the gapminder data, such as 'Japan', got {name!r}")
    columns = {"life expectancy": "lifeExp", "population": "pop", "income per person": "gdpPercap"}
    values = [[float(row[column]) for column in columns.values()] for row in rows]
    return Series(tuple(row["year"] for row in rows), tuple(columns), torch.tensor(values))


def _rows(dataset: str) -> Iterator[dict[str, str]]:
    # plotly is found, not imported: its data are read by torch alone
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("expected plotly, which carries the data, to be installed")
    path = Path(spec.origin).parent / "package_data" / "datasets" / f"{dataset}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)
