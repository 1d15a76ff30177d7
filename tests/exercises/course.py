"""The project's own solutions and exercises, read as files and run without a kernel."""

import inspect
import itertools
import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import nbformat
import torch

from seqviz.checks.authoring import Exercise
from seqviz.checks.check_file import load_exercises
from seqviz.checks.compiled import Check, compile_check, find_check
from seqviz.publish.notebook import AskedFor, for_instructors, grading, read_solution

ROOT = Path(__file__).parents[2]
STEMS = sorted(path.stem for path in (ROOT / "solutions").glob("*.ipynb"))
_numbers = itertools.count()


@dataclass(frozen=True)
class Task:
    """One exercise: where it stands, the author's functions, the public check, and the two sources of its cell."""

    stem: str
    asked: AskedFor
    exercise: Exercise
    solution_source: str
    stub_source: str

    def __str__(self) -> str:
        return self.asked.name

    @cached_property
    def public(self) -> Check:
        """The compiled check as students have it."""
        return find_check(self.asked.name, ROOT / "exercises")

    def given(self, case: Mapping[str, Any]) -> list[Any]:
        """Return what the student's function is called with: all of a case, or what a driver hands on by name."""
        return [case[name] for name in inspect.signature(self.exercise.reference).parameters if name in case]

    def drawn(self, seed: int) -> Check:
        """The check with other numbers, as it is graded."""
        return _drawn(self.asked.name, seed)


@cache
def tasks() -> list[Task]:
    """Return the exercises of all chapters."""
    found = []
    for stem in STEMS:
        solution = read_solution(ROOT / "solutions" / f"{stem}.ipynb")
        exercises = load_exercises(ROOT / "solutions" / "checks" / f"{stem[3:]}.py")
        solutions, stubs = (_sources(ROOT / folder / f"{stem}.ipynb") for folder in ("solutions", "exercises"))
        for asked in solution.exercises:
            name = asked.name
            found.append(Task(stem, asked, exercises[name], solutions[name], stubs[name]))
    return found


def task(name: str) -> Task:
    """Return the exercise of that name."""
    return next(one for one in tasks() if one.asked.name == name)


@cache
def _drawn(name: str, seed: int) -> Check:
    of = task(name)
    return compile_check(of.exercise, of.asked.points, seed=seed)


def _sources(path: Path) -> dict[str, str]:
    cells = nbformat.read(path, as_version=4).cells
    return {
        grading(cell)["grade_id"]: cell.source
        for cell in cells
        if grading(cell).get("solution") and not for_instructors(cell)
    }


def defined_by(source: str, name: str, before: tuple[str, ...] = ()) -> Callable[..., Any]:
    """Run cells as a notebook would, so that their source can be found again, and return the function."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in ("import torch", *before, source):
        filename = f"<cell {next(_numbers)}>"
        linecache.cache[filename] = (len(cell), None, cell.splitlines(keepends=True), filename)
        exec(compile(cell, filename, "exec"), namespace)
    return namespace[name]


def solved(one: Task) -> Callable[..., Any]:
    """Return the solution of the notebook; an earlier exercise of the same notebook may be called by it."""
    return defined_by(one.solution_source, one.asked.name, earlier_cells(one))


def earlier_cells(one: Task) -> tuple[str, ...]:
    """Return the solutions that stand before ``one`` in its notebook."""
    same_notebook = [other for other in tasks() if other.stem == one.stem]
    return tuple(other.solution_source for other in same_notebook[: same_notebook.index(one)])


def worked_calls(one: Task) -> list[tuple[Any, ...]]:
    """Run the cell that works the example out, and return the arguments of every call in it."""
    cells = nbformat.read(ROOT / "solutions" / f"{one.stem}.ipynb", as_version=4).cells
    worked = next(cell.source for cell in cells if cell.id == f"{one.asked.name.replace('_', '-')}-worked")
    function, calls = solved(one), []

    def recording(*arguments: Any) -> Any:
        calls.append(arguments)
        return function(*arguments)

    exec(compile(worked, f"<worked example of {one}>", "exec"), {"torch": torch, one.asked.name: recording})
    return calls
