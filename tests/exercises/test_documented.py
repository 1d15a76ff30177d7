"""The example of docs/instructors.md works as it stands there."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from seqviz.checks import check_against
from seqviz.checks.check_file import load_exercises
from seqviz.checks.compiled import find_check
from seqviz.publish.release import differing, released_files, write
from tests.exercises.course import ROOT, defined_by

STEM = "02_unrolling"
BLOCKS = re.findall(r"```(?:python|json)\n(.*?)```", (ROOT / "docs" / "instructors.md").read_text("utf-8"), re.DOTALL)


def block(piece: str) -> str:
    (found,) = [text for text in BLOCKS if piece in text]
    return found.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of our solutions with the documented exercise added, and released."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    check_file = tmp_path / "solutions" / "checks" / "unrolling.py"
    check_file.write_text(check_file.read_text("utf-8") + "\n\n" + block("class final_state"), encoding="utf-8")
    path = tmp_path / "solutions" / f"{STEM}.ipynb"
    book = nbformat.read(path, as_version=4)
    metadata = [json.loads(line) for line in block("check_final_state").splitlines()]
    for id, source, meta in zip(("new", "new-check"), ("### BEGIN SOLUTION", "sv.check("), metadata, strict=True):
        book.cells.append(nbformat.v4.new_code_cell(block(source), id=id, metadata=meta))
    nbformat.write(book, path)
    files = released_files(tmp_path, [STEM])
    write(tmp_path, files, differing(tmp_path, files, whole=False))
    return tmp_path


def test_the_documented_exercise_is_released_and_checks(root: Path):
    exercise = load_exercises(root / "solutions" / "checks" / "unrolling.py")["final_state"]
    check = find_check("final_state", root / "exercises")
    assert (check.points, check.number) == (3.0, "02.5")
    right = defined_by(block("### BEGIN SOLUTION"), "final_state")
    assert check_against(check, right).passed
    assert [known.name for known in exercise.mistakes] == [
        check_against(check, known.function).mistake for known in exercise.mistakes
    ]
    text = (root / "exercises" / f"{STEM}.ipynb").read_text("utf-8")
    assert 'raise NotImplementedError(\\"02.5 final_state\\")' in text
