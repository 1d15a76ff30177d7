"""The story of one assignment in docs/instructors.md, done with the very commands that stand there."""

import csv
import re
import shlex
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from seqviz.cli import main
from tests.grading.course import as_bytes, cell, check_cell, notebook, solution_cell
from tests.grading.nbgrader_sheets import changed

pytestmark = pytest.mark.kernel

DOCS = Path(__file__).parents[2] / "docs" / "instructors.md"
CLASS = """Student,ID,SIS User ID,SIS Login ID,Section,hw1 (77)
    Points Possible,,,,,10
"Lovelace, Ada",1,u1,ada,S1,
"Hopper, Grace",2,u2,grace,S1,
"Hamilton, Margaret",3,u3,margaret,S1,
"""
HIDDEN = "### BEGIN HIDDEN TESTS\nassert mean([-4, -2]) == -3\n### END HIDDEN TESTS"


def commands() -> list[list[str]]:
    section = DOCS.read_text().partition("## One assignment, from release to the learning platform")[2]
    return [shlex.split(line) for line in re.findall(r"^ +seqviz (grade .*)$", section, re.MULTILINE)]


def source() -> list[dict[str, Any]]:
    return [
        solution_cell(
            "from pathlib import Path\n\n\ndef mean(values):\n    ### BEGIN SOLUTION\n"
            "    return sum(values) / len(values)\n    ### END SOLUTION",
            "mean",
        ),
        check_cell("assert mean([int(n) for n in Path('numbers.csv').read_text().split(',')]) == 2", "seen", 2.0),
        check_cell(HIDDEN, "unseen", 2.0),
        cell("Sensitive to outliers.", "markdown", grade_id="why", grade=True, solution=True, locked=False, points=6.0),
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    (tmp_path / "source" / "hw1").mkdir(parents=True)
    (tmp_path / "source" / "hw1" / "hw1.ipynb").write_bytes(as_bytes(notebook(source())))
    (tmp_path / "source" / "hw1" / "numbers.csv").write_text("1,2,3")
    (tmp_path / "class.csv").write_text(CLASS)
    released = changed(source(), unseen="", why="YOUR ANSWER HERE")
    head = "from pathlib import Path\n\n\ndef mean(values):\n"
    right = changed(released, mean=f"{head}    return sum(values) / len(values)", why="=One <b>outlier</b>.")
    wrong = changed(released, mean=f"{head}    return abs(sum(values) / len(values))", why="It is not robust.")
    handed_in = {
        ("lovelaceada_1_101_hw1.ipynb", 19): right,
        ("hoppergrace_LATE_2_102_hw1-1.ipynb", 21): wrong,
        ("hamiltonmargaret_3_103_hw1.ipynb.txt", 20): changed(released, mean=f"{head}    return 2"),
    }
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        for (name, day), cells in handed_in.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, day, 10, 0, 0)), as_bytes(notebook(cells)))
    yield tmp_path
    monkeypatch.undo()
    time.tzset()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_story_of_one_assignment(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, again = commands()
    results = folder / "results"
    assert main(first) == 0
    said = capsys.readouterr().err
    assert "files in every kernel's working folder: numbers.csv" in said
    assert "12 points are still ungraded" in said
    assert "canvas.csv is not written before all points are given" in said
    assert not list(results.glob("canvas*"))
    totals = {row["student"]: row for row in rows(results / "totals.csv")}
    assert [(totals[name]["points"], totals[name]["late"], totals[name]["penalty"]) for name in sorted(totals)] == [
        ("2", "", "0"),  # a wrong function that happens to pass what she saw; the question is as handed out
        ("1", "11 h 1 min", "1"),
        ("4", "", "0"),
    ]

    table = rows(results / "manual.csv")
    assert [(row["student"], row["answer"]) for row in table] == [
        ("hoppergrace_2", "It is not robust."),
        ("lovelaceada_1", "'=One <b>outlier</b>."),
    ]
    assert main([*first, "--partial"]) == 0
    assert "hw1 (77)" in (results / "canvas.partial.csv").read_text()
    table[0] |= {"points": "6", "comment": "Right."}
    table[1] |= {"points": "4.5", "comment": "Why <i>one</i>?"}
    with (results / "manual.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table)
    capsys.readouterr()
    assert main(first) == 0  # without --manual nothing that was filled in is lost
    assert "holds points or comments that were not read" in capsys.readouterr().err

    assert main(again) == 0
    said = capsys.readouterr().err
    assert "ungraded" not in said
    assert "(3 of them before)" in said
    assert [(row["ID"], row["hw1 (77)"]) for row in rows(results / "canvas.csv")[1:]] == [
        ("1", "8.5"),
        ("2", "7"),
        ("3", "2"),
    ]
    assert not (results / "canvas.partial.csv").exists()
    ada, grace, margaret = (
        (results / "feedback" / f"{name}.html").read_text()
        for name in ("lovelaceada_1", "hoppergrace_2", "hamiltonmargaret_3")
    )
    assert "Why &lt;i&gt;one&lt;/i&gt;?" in ada
    assert "Handed in 11 h 1 min after the due time: 1 point less" in grace
    assert "A hidden test failed (AssertionError)" in grace
    assert "there is no answer in it" in margaret
    assert not [page for page in (ada, grace, margaret) if "-3" in page or "-4" in page]
