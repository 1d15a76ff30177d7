"""What each chapter costs the test run. ``make test`` has every pytest add to FILE, then prints the table with
``python -m tests.seconds``: seconds to read, not to pass."""

import json
import os
from collections import Counter, defaultdict

import pytest

from tests.chapters import ROOT, STEMS, chapter_of

FILE = ROOT / "build" / "seconds.jsonl"
WANTED = "SEQVIZ_SECONDS"
MAY_COST = {"chapter": 60, "browser": 30, "else": 30}
SPENT: Counter[tuple[str, str]] = Counter()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get(WANTED):
        for item in items:
            item.user_properties.append(("spent on", (chapter_of(item) or "all", kind_of(item))))


def kind_of(item: pytest.Item) -> str:
    """Say what a test is the price of: running a chapter, a browser, or anything else."""
    if item.path.parent == ROOT / "notebooks":
        return "chapter"
    return "browser" if "browser" in item.keywords else "else"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    for name, of in report.user_properties:
        if name == "spent on":
            SPENT[tuple(of)] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    if SPENT and not hasattr(session.config, "workerinput"):  # workers report to the one that started them
        FILE.parent.mkdir(exist_ok=True)
        with FILE.open("a") as file:
            file.writelines(json.dumps([*of, seconds]) + "\n" for of, seconds in SPENT.items())


def table(lines: list[str]) -> str:
    """Return seconds by chapter and kind; a star marks what is more than a chapter may cost."""
    spent: dict[str, Counter[str]] = defaultdict(Counter)
    for chapter, kind, seconds in map(json.loads, lines):
        spent[chapter][kind] += seconds
    rows = [f"{'seconds in the test run':40}" + "".join(f"{f'{kind} ≤ {most}':>16}" for kind, most in MAY_COST.items())]
    for chapter in [*STEMS, "all"]:
        marks = {
            kind: "*" if chapter != "all" and spent[chapter][kind] > most else " " for kind, most in MAY_COST.items()
        }
        rows.append(f"{chapter:40}" + "".join(f"{spent[chapter][kind]:15.1f}{mark}" for kind, mark in marks.items()))
    return "\n".join(rows)


if __name__ == "__main__":
    print(table(FILE.read_text().splitlines()))
