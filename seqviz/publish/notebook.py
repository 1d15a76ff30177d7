"""Read a solution notebook and say which exercises it holds, or which of its cells is not as it must be.

Its cells bear nbgrader's metadata (schema 3). A *solution cell* defines the student's function between the markers;
a locked *check cell* after it holds ``sv.check(<name>)`` and nothing else, since nbgrader gives full marks to a cell
whose last value is anything but a number. Cells tagged ``solution`` are for instructors only.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from .errors import ReleaseError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
INSTRUCTOR_TAG = "solution"
_STEM = re.compile(r"\d\d_[a-z0-9_]+")


def shown(path: Path) -> Path:
    """Return ``path`` as one would type it in the working folder."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


@dataclass(frozen=True)
class Place:
    """A cell of a notebook file, for messages."""

    path: Path
    number: int
    name: str

    def error(self, words: str) -> ReleaseError:
        """Return an error about this cell."""
        return ReleaseError(f"{shown(self.path)}, cell {self.number}{f' ({self.name})' if self.name else ''}: {words}")


@dataclass(frozen=True)
class AskedFor:
    """One exercise in a notebook: the function's name, its number such as ``02.3``, its points, its check cell."""

    name: str
    number: str
    points: float
    place: Place


@dataclass(frozen=True)
class SolutionNotebook:
    """A solution notebook that keeps the rules."""

    path: Path
    node: nbformat.NotebookNode
    exercises: tuple[AskedFor, ...]

    @property
    def stem(self) -> str:
        """The name shared by the chapter, its exercises and its solutions."""
        return self.path.stem


def read_solution(path: Path) -> SolutionNotebook:
    """Read and examine ``path``; raise ReleaseError naming the file and the cell that breaks a rule."""
    if not _STEM.fullmatch(path.stem):
        raise ReleaseError(f"{shown(path)}: a solution notebook is called like 02_unrolling.ipynb")
    try:
        node = nbformat.reads(path.read_text(encoding="utf-8"), as_version=nbformat.NO_CONVERT)
        nbformat.validate(node)
    except FileNotFoundError as error:
        raise ReleaseError(f"{shown(path)}: there is no such notebook") from error
    except (OSError, UnicodeDecodeError, ValueError, KeyError, AttributeError, nbformat.ValidationError) as error:
        raise ReleaseError(f"{shown(path)}: not a notebook: {' '.join(str(error).split())[:300]}") from error
    if (node.nbformat, node.nbformat_minor) < (4, 5):
        raise ReleaseError(
            f"{path}: cells need ids, notebook format 4.5; this is {node.nbformat}.{node.nbformat_minor}"
        )
    return SolutionNotebook(path, node, tuple(_examine(path, node)))


def grading(cell: nbformat.NotebookNode) -> dict[str, Any]:
    """Return nbgrader's metadata of ``cell``, or an empty dict."""
    found = cell.metadata.get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def for_instructors(cell: nbformat.NotebookNode) -> bool:
    """Say whether ``cell`` is left out of the exercises."""
    return INSTRUCTOR_TAG in cell.metadata.get("tags", [])


def checked_function(source: str) -> str | None:
    """Return ``name`` if ``source`` is ``sv.check(name)`` and nothing else, so that the report is the cell's value."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    if source.rstrip().endswith(";") or len(body) != 1:
        return None
    match body[0]:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name("sv"), "check"), [ast.Name(name)], [])):
            return name
    return None


def _examine(path: Path, node: nbformat.NotebookNode) -> Iterator[AskedFor]:
    seen_grade_ids: set[str] = set()
    defined: list[str] = []
    asked: set[str] = set()
    for number, cell in enumerate(node.cells, start=1):
        meta = grading(cell)
        place = Place(path, number, str(meta.get("grade_id", "")))
        _check_metadata(place, meta, seen_grade_ids)
        _check_markers(place, cell, meta)
        if for_instructors(cell):
            continue
        if meta.get("solution"):
            defined += _defined_functions(place, cell.source)
        if meta.get("grade"):
            name = _checked(place, cell, meta, defined, asked)
            asked.add(name)
            yield AskedFor(name, f"{path.stem[:2]}.{len(asked)}", float(meta["points"]), place)
    unchecked = [name for name in dict.fromkeys(defined) if name not in asked]
    if unchecked:
        raise ReleaseError(f"{shown(path)}: no check cell for {', '.join(unchecked)}")


def _check_metadata(place: Place, meta: dict[str, Any], seen: set[str]) -> None:
    if not meta:
        return
    if meta.get("schema_version") != 3:
        raise place.error(f"nbgrader's schema_version must be 3, not {meta.get('schema_version')}")
    wrong = [key for key in ("grade", "solution", "locked") if not isinstance(meta.get(key), bool)]
    if wrong:
        raise place.error(f"nbgrader's {', '.join(wrong)} must be true or false")
    if not (meta["grade"] or meta["solution"] or meta["locked"]):
        return
    grade_id = meta.get("grade_id")
    if not isinstance(grade_id, str) or not re.fullmatch(r"[a-zA-Z0-9_\-]+", grade_id):
        raise place.error("a cell with nbgrader's metadata needs a grade_id of letters, digits, _ and -")
    if grade_id in seen:
        raise place.error(f"the grade_id {grade_id} is used twice")
    seen.add(grade_id)


def _check_markers(place: Place, cell: nbformat.NotebookNode, meta: dict[str, Any]) -> None:
    inside, regions = False, 0
    for line in cell.source.splitlines():
        if BEGIN in line:
            if inside:
                raise place.error(f"“{BEGIN}” inside a solution")
            inside, regions = True, regions + 1
        elif END in line:
            if not inside:
                raise place.error(f"“{END}” without “{BEGIN}”")
            inside = False
    if inside:
        raise place.error(f"“{BEGIN}” without “{END}”")
    if regions and not meta.get("solution"):
        raise place.error("a solution between markers in a cell that is not marked as a solution cell")
    if meta.get("solution") and not regions and not for_instructors(cell):
        raise place.error(f"a solution cell without “{BEGIN}” and “{END}”")


def _defined_functions(place: Place, source: str) -> list[str]:
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise place.error(f"not Python: {error.msg}, line {error.lineno}") from error
    names = [node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    if not names:
        raise place.error("a solution cell defines the function that is asked for; this one defines none")
    return names[-1:]  # what it calls comes first


def _checked(
    place: Place, cell: nbformat.NotebookNode, meta: dict[str, Any], defined: list[str], asked: set[str]
) -> str:
    name = checked_function(cell.source)
    if cell.cell_type != "code" or name is None:
        raise place.error("a graded cell must be sv.check(name of the function) and nothing else")
    if meta["solution"] or not meta["locked"]:
        raise place.error("a check cell must be locked, and not a solution cell")
    points = meta.get("points")
    if isinstance(points, bool) or not isinstance(points, (int, float)) or not points > 0:
        raise place.error(f"a check cell needs points above zero, not {points}")
    if name not in defined:
        raise place.error(f"no solution cell above defines {name}")
    if name in asked:
        raise place.error(f"{name} is checked twice")
    return name
