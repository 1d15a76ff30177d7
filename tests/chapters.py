"""Which tests are a chapter's own, read from names: ``pytest --changed 05_lstm`` runs these alone.

A cell of its notebook or solution; a test with a parameter that is the chapter's stem, or has it as its ``stem``, as a
path and an exercise do; a file ``test_gates.py`` when the chapter says ``sv.explore.gates``, or uses anything else that
stands in a file ``gates.py``.
"""

import inspect
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

import seqviz as sv

ROOT = Path(__file__).parents[1]
STEMS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
NAME = re.compile(r"\bsv\.(models|traces|plots|data|explore)\.(\w+)")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--changed", metavar="STEM", choices=STEMS, help="run the tests of this chapter alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if stem := config.getoption("--changed"):
        others = [item for item in items if not is_of(item, stem)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in set(others)]


def is_of(item: pytest.Item, stem: str) -> bool:
    """Say whether a test is one of the chapter's own."""
    return names_it(item, stem) or item.path.stem.removeprefix("test_") in used_by(stem)


def chapter_of(item: pytest.Item) -> str | None:
    """Return the chapter that a test is the price of: the one it names, else the first that uses what it tests."""
    named = [stem for stem in STEMS if names_it(item, stem)]
    return next((stem for stem in named or STEMS if is_of(item, stem)), None)


def names_it(item: pytest.Item, stem: str) -> bool:
    """Say whether a test's file or a parameter of it bears the stem."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else []
    return stem in [one if isinstance(one, str) else getattr(one, "stem", None) for one in (item.path, *parameters)]


@cache
def used_by(stem: str) -> frozenset[str]:
    """Return the names behind ``sv.`` in a chapter and its solution, and those of the files where they stand."""
    paths = [ROOT / folder / f"{stem}.ipynb" for folder in ("notebooks", "solutions")]
    cells = [cell for path in paths if path.exists() for cell in nbformat.read(path, as_version=4).cells]
    found = {use for cell in cells if cell.cell_type == "code" for use in NAME.findall(cell.source)}
    # a topic is not there before something in it is imported
    values = [getattr(getattr(sv, room), name, None) for room, name in found]
    return frozenset({name for _, name in found} | set(files(value for value in values if value is not None)))


def files(values: Iterable[Any]) -> Iterable[str]:
    """Yield the stem of the file in which each module, class, function or a value's class stands."""
    for value in values:
        if module := inspect.getmodule(value) or inspect.getmodule(type(value)):
            yield module.__name__.rpartition(".")[2]
