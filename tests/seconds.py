"""What each chapter costs the test run: seconds to read, not to pass.

``make test`` has every pytest add to FILE and prints the table at the end: ``python -m tests.seconds``.
"""

import json
import os
from collections import defaultdict

import pytest

from tests.chapters import ROOT, STEMS, chapter_of

FILE = ROOT / "build" / "seconds.jsonl"
WANTED = "SEQVIZ_SECONDS"
MAY_COST = {"chapter": 60, "browser": 30, "else": 30}
SPENT: dict[tuple[str, str], float] = defaultdict(float)  # by chapter and kind


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get(WANTED):
        for item in items:
            item.user_properties.append(("spent on", (chapter_of(item) or "all", kind_of(item))))


def kind_of(item: pytest.Item) -> str:
    """Say what a test is the price of: running a chapter (for nbval, in JupyterLab), a browser, or anything else."""
    if item.path.parent == ROOT / "notebooks" or item.path.name == "test_chapters.py":
        return "chapter"
    return "browser" if "browser" in item.keywords else "else"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if of := dict(report.user_properties).get("spent on"):
        chapter, kind = of
        SPENT[chapter, kind] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    if SPENT and not hasattr(session.config, "workerinput"):  # workers report to the one that started them
        FILE.parent.mkdir(exist_ok=True)
        with FILE.open("a") as file:
            file.writelines(json.dumps([*of, seconds]) + "\n" for of, seconds in SPENT.items())


def table(lines: list[str]) -> str:
    """Return seconds by chapter and kind; a star marks what is more than a chapter may cost."""
    spent: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(MAY_COST, 0.0))
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
