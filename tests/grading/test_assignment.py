from pathlib import Path

import pytest

from seqviz.grading.assignment import (
    CHECKED,
    MANUAL,
    TASK,
    TRUSTING,
    AssignmentError,
    derive,
    load_ours,
    load_source,
    with_checks,
)
from tests.grading.course import (
    CHECKS,
    STEM,
    as_bytes,
    cell,
    check_cell,
    notebook,
    solution_cell,
    toy_cells,
    write_course,
)


def test_graded_cells_are_told_apart(tmp_path: Path) -> None:
    root = write_course(tmp_path / "root")
    extra = [
        check_cell("assert True", "asserts", 1.0),
        cell("answer", "markdown", grade_id="essay", grade=True, solution=True, locked=False, points=2.0),
        cell("do this", "markdown", grade_id="task", grade=False, solution=False, locked=True, task=True, points=3.0),
    ]
    (root / "exercises" / f"{STEM}.ipynb").write_bytes(as_bytes(notebook([*toy_cells(), *extra])))
    cells = load_ours(root, STEM).graded_cells
    assert [(one.grade_id, one.kind, one.max_points, one.function) for one in cells] == [
        ("leaky-step-check", CHECKED, 3.0, "leaky_step"),
        ("time-sum-check", CHECKED, 2.0, "time_sum"),
        ("asserts", TRUSTING, 1.0, ""),
        ("essay", MANUAL, 2.0, ""),
        ("task", TASK, 3.0, ""),
    ]


def test_the_hash_changes_with_the_checks_and_the_notebook_and_nothing_else(tmp_path: Path) -> None:
    root = write_course(tmp_path / "root")
    first = load_ours(root, STEM).hash
    assert load_ours(root, STEM).hash == first
    checks = root / "solutions" / "checks" / "toy.py"
    checks.write_text(CHECKS + "\n# changed")
    second = load_ours(root, STEM).hash
    assert second != first
    (root / "exercises" / f"{STEM}.ipynb").write_bytes(as_bytes(notebook([*toy_cells(), cell("more", id="more")])))
    assert load_ours(root, STEM).hash != second


def test_the_hash_covers_what_the_checks_import_from_beside_them(tmp_path: Path) -> None:
    root = write_course(tmp_path / "root")
    checks = root / "solutions" / "checks"
    alone = load_ours(root, STEM).hash
    (checks / "common.py").write_text("FACTOR = 2")
    assert load_ours(root, STEM).hash == alone  # not imported yet
    (checks / "toy.py").write_text(f"{CHECKS}\nfrom .common import FACTOR")
    first = load_ours(root, STEM).hash
    assert with_checks(load_ours(root, STEM), root, 0).checks
    (checks / "common.py").write_text("FACTOR = 3")
    assert load_ours(root, STEM).hash not in (alone, first)


def test_wrong_use_is_said_in_words(tmp_path: Path) -> None:
    root = write_course(tmp_path / "root")
    with pytest.raises(AssignmentError, match=r"there is no assignment '99_none'.*there are: 01_toy"):
        load_ours(root, "99_none")
    (root / "solutions" / "checks" / "toy.py").write_text("1 / 0")
    with pytest.raises(AssignmentError, match="ZeroDivisionError"):
        with_checks(load_ours(root, STEM), root, 0)
    (root / "solutions" / "checks" / "toy.py").write_text("")
    with pytest.raises(AssignmentError, match=r"no exercise leaky_step, time_sum"):
        with_checks(load_ours(root, STEM), root, 0)
    (root / "solutions" / "checks" / "toy.py").unlink()
    with pytest.raises(AssignmentError, match=r"toy\.py: No such file"):
        load_ours(root, STEM)
    (root / "exercises" / f"{STEM}.ipynb").write_bytes(as_bytes(notebook([cell("x = 1")])))
    with pytest.raises(AssignmentError, match="no check cell"):
        load_ours(root, STEM)
    (root / "exercises" / f"{STEM}.ipynb").write_text("{")
    with pytest.raises(AssignmentError, match="not a notebook"):
        load_ours(root, STEM)


def test_wrong_sources_are_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "source.ipynb"
    with pytest.raises(AssignmentError, match=r"source\.ipynb: cannot be read"):
        load_source(path, "x")
    for broken in ("", "{", "[]", "{}", '{"nbformat": 4, "nbformat_minor": 5, "cells": 3, "metadata": {}}', "\0"):
        path.write_text(broken)
        with pytest.raises(AssignmentError, match=r"source\.ipynb: "):
            load_source(path, "x")
    path.write_bytes(as_bytes(notebook([cell("x = 1")])))
    with pytest.raises(AssignmentError, match="no cell in it is graded"):
        load_source(path, "x")
    path.write_bytes(as_bytes(notebook([check_cell("1", "a", 1.0), check_cell("2", "a", 1.0)])))
    with pytest.raises(AssignmentError, match="the grade_id a is used twice"):
        load_source(path, "x")


def test_sources_of_older_formats_get_cell_ids(tmp_path: Path) -> None:
    tree = notebook([solution_cell("x = 1", "x"), check_cell("assert x", "t", 1.0)]) | {"nbformat_minor": 2}
    for one in tree["cells"]:
        del one["id"]
    path = tmp_path / "source.ipynb"
    path.write_bytes(as_bytes(tree))
    assert [one.id for one in load_source(path, "x").base.cells] == ["cell-0", "cell-1"]


def test_derived_seeds_fit_torch_and_differ_by_label_and_secret() -> None:
    seeds = {derive(secret, label) for secret in (0, 1, -1, 2**127) for label in ("a", "b")}
    assert len(seeds) == 8
    assert all(0 <= seed < 2**63 for seed in seeds)
