"""``seqviz grade --source`` gives, cell by cell, the points that nbgrader 0.9.6 gives."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from seqviz.grading.assignment import load_source
from seqviz.grading.execution import Place
from seqviz.grading.feedback import feedback_page
from seqviz.grading.gradebook import Graded, Key
from seqviz.grading.job import Job, grade
from seqviz.grading.kernel_client import KernelServer
from seqviz.grading.results import GRADED, Result
from seqviz.grading.sandbox import Limits
from tests.grading.course import as_bytes
from tests.grading.nbgrader_sheets import CELL_SECONDS, RECORD, SHEETS, points_of_nbgrader, tree
from tests.nbgrader import NbGrader

RECORDED = json.loads(RECORD.read_text())["points"]


Points = dict[str, dict[str, float | None]]


def different(ours: Points, theirs: Points) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    return {
        (student, cell): (points, theirs[student][cell])
        for student, cells in ours.items()
        for cell, points in cells.items()
        if points != theirs[student][cell]
    }


def assert_reasons(result: Result) -> None:
    """Every cell that lost points says why, and no page says what only the instructor's notebook holds."""
    about = Graded(Key("ada", "x", "s", "c"), "n", "", "t", GRADED, result.message, result.warnings, [], 1.0, [])
    for row in result.rows:
        page = feedback_page(replace(about, rows=[row]))
        section = page.partition("<section><h2>")[2].partition("</section>")[0]
        assert ("<p" in section) == (row.points is None or row.points < row.max_points), row
        assert "-10" not in page
        assert "-6" not in page or row.cell == "asserts"


@pytest.mark.kernel
@pytest.mark.parametrize("name", SHEETS)
def test_points_are_those_that_nbgrader_gave(name: str, warm_parent: KernelServer, tmp_path: Path) -> None:
    sheet = SHEETS[name]()
    source = tmp_path / f"{name}.ipynb"
    source.write_bytes(as_bytes(tree(sheet.source)))
    assignment = load_source(source, name)
    place = Place(warm_parent.address, limits=Limits(memory=1 << 30), cell_seconds=CELL_SECONDS, alone=True)
    points = {}
    for student, cells in sheet.handed_in.items():
        result = grade(Job(as_bytes(tree(cells)), assignment, 3, place))
        assert result.status == GRADED
        points[student] = {row.cell: row.points for row in result.rows}
        assert_reasons(result)
    assert different(points, RECORDED[name]) == {}


@pytest.mark.kernel
def test_who_did_what_was_asked_is_not_said_to_have_edited_a_locked_cell(
    warm_parent: KernelServer, tmp_path: Path
) -> None:
    sheet = SHEETS["hidden"]()
    source = tmp_path / "hidden.ipynb"
    source.write_bytes(as_bytes(tree(sheet.source)))
    place = Place(warm_parent.address, limits=Limits(memory=1 << 30), alone=True)
    jobs = {
        student: Job(as_bytes(tree(cells)), load_source(source, "hidden"), 3, place)
        for student, cells in sheet.handed_in.items()
    }
    assert grade(jobs["right"]).warnings == grade(jobs["wrong"]).warnings == []
    assert [warning.partition(":")[0] for warning in grade(jobs["edited-tests"]).warnings] == [
        "public",
        "mixed",
        "partly",
    ]


def test_every_kind_of_cell_is_recorded() -> None:
    assert {name: {*points} for name, points in RECORDED.items()} == {
        name: {*make().handed_in} for name, make in SHEETS.items()
    }
    assert len(RECORDED["outputs"]["ada"]) >= 40


@pytest.mark.slow
def test_nbgrader_gives_the_recorded_points(tmp_path: Path) -> None:
    course = tmp_path / "course"
    course.mkdir()
    assert points_of_nbgrader(NbGrader(tmp_path / "home"), course) == RECORDED
