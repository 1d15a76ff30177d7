"""A small course for the tests: two exercises, right and wrong answers, and the notebooks of a class."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

STEM = "01_toy"

CHECKS = """
import torch
from seqviz.checks import exercise, mistake, normal


def step(generator, batch, alpha):
    x, h = normal(generator, batch, 4), normal(generator, batch, 6)
    return {"x": x, "h": h, "W": normal(generator, 6, 4), "alpha": alpha}


@exercise(returns="h_t: batch unit", groups={"one step": 2, "alpha = 1": 1}, forbid=("torch.nn",), seconds=2.0)
class leaky_step:
    "One step of a leaky integrator."

    def inputs(generator):
        for batch in (2, 3):
            yield "one step", step(generator, batch, 0.3)
        yield "alpha = 1", step(generator, 5, 1.0)

    def reference(x, h, W, alpha):
        return (1 - alpha) * h + alpha * torch.tanh(x @ W.T)

    @mistake("leak on the wrong term", hint="Which of the two terms keeps the old state?")
    def swapped(x, h, W, alpha):
        return alpha * h + (1 - alpha) * torch.tanh(x @ W.T)


@exercise(returns="total: batch", groups={"sums": 1}, seconds=2.0)
class time_sum:
    "The sum over time."

    def inputs(generator):
        yield "sums", {"x": normal(generator, 2, 7)}
        yield "sums", {"x": normal(generator, 3, 1)}

    def reference(x):
        return x.sum(1)

    @mistake("summed over the batch", hint="Which axis is time?")
    def batch_sum(x):
        return x.sum(0)
"""

LEAKY_STUB = 'def leaky_step(x, h, W, alpha):\n    raise NotImplementedError("01.1 leaky_step")'
LEAKY = "def leaky_step(x, h, W, alpha):\n    return (1 - alpha) * h + alpha * torch.tanh(x @ W.T)"
LEAKY_SWAPPED = "def leaky_step(x, h, W, alpha):\n    return alpha * h + (1 - alpha) * torch.tanh(x @ W.T)"
LEAKY_PARTLY = "def leaky_step(x, h, W, alpha):\n    return torch.tanh(x @ W.T)"  # right for alpha = 1
SUM_STUB = 'def time_sum(x):\n    raise NotImplementedError("01.2 time_sum")'
SUM = "def time_sum(x):\n    return x.sum(1)"

LEAKY_POINTS, SUM_POINTS = 3.0, 2.0


def cell(source: str, kind: str = "code", id: str = "", **nbgrader: Any) -> dict[str, Any]:
    metadata = {"nbgrader": {"schema_version": 3, **nbgrader}} if nbgrader else {}
    common = {"cell_type": kind, "metadata": metadata, "source": source, "id": id or nbgrader.get("grade_id", "plain")}
    return common | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def solution_cell(source: str, grade_id: str) -> dict[str, Any]:
    return cell(source, grade_id=grade_id, grade=False, solution=True, locked=False, task=False)


def check_cell(source: str, grade_id: str, points: float) -> dict[str, Any]:
    return cell(source, grade_id=grade_id, grade=True, solution=False, locked=True, task=False, points=points)


def notebook(cells: Iterable[dict[str, Any]]) -> dict[str, Any]:
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": list(cells), "metadata": {"kernelspec": kernelspec}, "nbformat": 4, "nbformat_minor": 5}


def toy_cells(leaky: str = LEAKY_STUB, total: str = SUM_STUB) -> list[dict[str, Any]]:
    return [
        cell("# Toy", "markdown", id="title"),
        cell("import torch\n\nimport seqviz as sv", id="imports"),
        solution_cell(leaky, "leaky-step"),
        check_cell("sv.check(leaky_step)", "leaky-step-check", LEAKY_POINTS),
        solution_cell(total, "time-sum"),
        check_cell("sv.check(time_sum)", "time-sum-check", SUM_POINTS),
    ]


def toy(leaky: str = LEAKY_STUB, total: str = SUM_STUB) -> dict[str, Any]:
    return notebook(toy_cells(leaky, total))


def as_bytes(tree: Any) -> bytes:
    return json.dumps(tree).encode()


def everything_but_time(gradebook: Path) -> list[tuple[Any, ...]]:
    """Return all that two gradings of the same submissions with the same seed have in common."""
    lines: list[tuple[Any, ...]] = []
    with contextlib.closing(sqlite3.connect(f"file:{gradebook}?mode=ro", uri=True)) as database:
        for table in ("submissions", "scores", "current"):
            found = database.execute(f"SELECT * FROM {table}")
            kept = [n for n, column in enumerate(found.description) if column[0] not in ("seconds", "when")]
            lines += [tuple(line[n] for n in kept) for line in found]
    return sorted(lines, key=repr)


def write_course(root: Path) -> Path:
    """Write the instructor's folder."""
    (root / "exercises").mkdir(parents=True)
    (root / "solutions" / "checks").mkdir(parents=True)
    (root / "exercises" / f"{STEM}.ipynb").write_bytes(as_bytes(toy()))
    (root / "solutions" / "checks" / "toy.py").write_text(CHECKS)
    return root


def write_submissions(folder: Path, notebooks: dict[str, Any]) -> Path:
    """Write one notebook per student: a tree, or the very bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for student, tree in notebooks.items():
        (folder / f"{student}.ipynb").write_bytes(tree if isinstance(tree, bytes) else as_bytes(tree))
    return folder
