"""A solution notebook that breaks a rule is refused, with file and cell named."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from seqviz.publish.errors import ReleaseError
from seqviz.publish.notebook import checked_function, read_solution
from tests.publish.course import SOLUTION, STEM, cells, marked, notebook, write_course


def test_exercises_are_found_with_number_points_and_place(tmp_path: Path):
    solution = read_solution(write_course(tmp_path))
    (asked,) = solution.exercises
    assert (asked.name, asked.number, asked.points) == ("double", "04.1", 2.0)
    assert (asked.place.number, asked.place.name) == (4, "check_double")
    assert solution.stem == STEM


def set_source(id: str, source: str) -> Callable[[dict], None]:
    return lambda changed: changed[id].update(source=source)


def set_meta(id: str, **meta) -> Callable[[dict], None]:
    return lambda changed: changed[id].metadata["nbgrader"].update(meta)


def add(id: str, source: str, metadata: dict) -> Callable[[dict], None]:
    return lambda changed: changed.update({id: new_code_cell(source, id=id, metadata=metadata)})


def drop(id: str) -> Callable[[dict], None]:
    return lambda changed: changed.pop(id)


BROKEN = {
    "no marker": (
        set_source("code", "def double(x):\n    return 2 * x"),
        "cell 3 (double): a solution cell without “### BEGIN",
    ),
    "no end": (
        set_source("code", SOLUTION.replace("### END SOLUTION", "")),
        "cell 3 (double): “### BEGIN SOLUTION” without",
    ),
    "no begin": (
        set_source("code", SOLUTION.replace("### BEGIN SOLUTION", "")),
        "cell 3 (double): “### END SOLUTION” without",
    ),
    "nested": (
        set_source("code", SOLUTION.replace("return", "### BEGIN SOLUTION\n    return")),
        "cell 3 (double): “### BEGIN SOLUTION” inside a solution",
    ),
    "marker elsewhere": (
        set_source("setup", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"),
        "cell 2: a solution between markers in a cell that is not marked",
    ),
    "duplicate grade_id": (set_meta("check", grade_id="double"), "cell 4 (double): the grade_id double is used twice"),
    "no grade_id": (
        lambda c: c["check"].metadata["nbgrader"].pop("grade_id"),
        "cell 4: a cell with nbgrader's metadata needs",
    ),
    "odd grade_id": (
        set_meta("check", grade_id="a b"),
        "cell 4 (a b): a cell with nbgrader's metadata needs a grade_id",
    ),
    "old schema": (
        set_meta("check", schema_version=1),
        "cell 4 (check_double): nbgrader's schema_version must be 3, not 1",
    ),
    "no booleans": (set_meta("check", locked=1), "cell 4 (check_double): nbgrader's locked must be true or false"),
    "unlocked": (set_meta("check", locked=False), "cell 4 (check_double): a check cell must be locked"),
    "no points": (set_meta("check", points=0), "cell 4 (check_double): a check cell needs points above zero, not 0"),
    "points as text": (set_meta("check", points="2"), "cell 4 (check_double): a check cell needs points above zero"),
    "points true": (set_meta("check", points=True), "cell 4 (check_double): a check cell needs points above zero"),
    "silenced check": (
        set_source("check", "sv.check(double);"),
        "cell 4 (check_double): a graded cell must be sv.check(",
    ),
    "displayed check": (
        set_source("check", "display(sv.check(double))"),
        "cell 4 (check_double): a graded cell must be",
    ),
    "something after": (
        set_source("check", "sv.check(double)\nprint(1)"),
        "cell 4 (check_double): a graded cell must be",
    ),
    "assigned check": (set_source("check", "r = sv.check(double)"), "cell 4 (check_double): a graded cell must be"),
    "unknown function": (
        set_source("check", "sv.check(triple)"),
        "cell 4 (check_double): no solution cell above defines triple",
    ),
    "checked twice": (
        add("again", "sv.check(double)", marked("again", grade=True, locked=True, points=1)),
        "cell 7 (again): double is checked twice",
    ),
    "never checked": (drop("check"), "no check cell for double"),
    "not Python": (
        set_source("code", "def double(x:\n### BEGIN SOLUTION\n### END SOLUTION"),
        "cell 3 (double): not Python: ",
    ),
    "defines nothing": (
        set_source("code", "### BEGIN SOLUTION\ndouble = abs\n### END SOLUTION"),
        "cell 3 (double): a solution cell defines the function",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_a_rule_is_named(name: str, tmp_path: Path):
    change, words = BROKEN[name]
    changed = cells()
    change(changed)
    path = write_course(tmp_path, notebook(changed))
    with pytest.raises(ReleaseError) as raised:
        read_solution(path)
    assert str(raised.value).startswith(f"{path}, {words}" if words.startswith("cell") else f"{path}: {words}")


def test_other_functions_may_stand_before_the_function(tmp_path: Path):
    changed = cells()
    changed["code"].source = "def before(x):\n    return x\n\n\n" + SOLUTION
    assert read_solution(write_course(tmp_path, notebook(changed))).exercises[0].name == "double"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a notebook"),
        ("{", "not a notebook"),
        ("[]", "not a notebook"),
        ('{"cells": []}', "not a notebook"),
        (nbformat.writes(notebook()).replace('"nbformat_minor": 5', '"nbformat_minor": 4'), "not a notebook"),
        ('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}', "cells need ids"),
        ('{"cells": [], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}', "not a notebook"),
    ],
)
def test_other_files_are_refused(text: str, words: str, tmp_path: Path):
    path = tmp_path / "04_toy.ipynb"
    path.write_text(text)
    with pytest.raises(ReleaseError, match=words) as raised:
        read_solution(path)
    assert str(raised.value).startswith(f"{path}: ")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path):
    path = tmp_path / "04_toy.ipynb"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReleaseError, match="not a notebook"):
        read_solution(path)


def test_a_missing_file_and_an_odd_name_are_refused(tmp_path: Path):
    with pytest.raises(ReleaseError, match="there is no such notebook"):
        read_solution(tmp_path / "04_toy.ipynb")
    with pytest.raises(ReleaseError, match="called like 02_unrolling"):
        read_solution(tmp_path / "toy.ipynb")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("sv.check(f)", "f"),
        ("# a remark\nsv.check(f)  # another", "f"),
        ("sv.check(f);", None),
        ("sv.check(f, 1)", None),
        ("sv.check(f())", None),
        ("check(f)", None),
        ("sv.check(f).points", None),
        ("sv.check(f)\nsv.check(g)", None),
        ("sv.check(", None),
        ("", None),
    ],
)
def test_a_check_cell_shows_its_report_and_nothing_else(source: str, name: str | None):
    assert checked_function(source) == name
