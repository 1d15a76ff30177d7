"""An assignment as data: the notebook submissions are rebuilt from, its graded cells, its checks with hidden inputs."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
import nbformat.reader
from nbformat import NotebookNode

from seqviz.checks.authoring import ExerciseError
from seqviz.checks.check_file import check_sources, load_exercises
from seqviz.checks.compiled import Check, compile_check, from_files, to_files
from seqviz.grading.errors import WrongUseError
from seqviz.grading.nbgrader_format import FormatError, nbgrader_of, require_the_format, without_solution
from seqviz.grading.several import cell_name
from seqviz.publish.notebook import checked_function

CHECKED, TRUSTING, MANUAL, TASK = "checked", "trusting", "manual", "task"


class AssignmentError(WrongUseError):
    """The assignment cannot be used; the message says why."""


@dataclass(frozen=True)
class GradedCell:
    """A cell that earns points: by a check, by nbgrader's trusting rule, or by hand.

    Points by hand are for an answer in the cell itself (manual), or for what the cell asks for elsewhere (task).
    """

    grade_id: str
    kind: str
    max_points: float
    function: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether a person gives the points."""
        return self.kind in (MANUAL, TASK)


@dataclass(frozen=True)
class Assignment:
    """All that is needed to grade a submission, on this machine or another."""

    name: str
    notebook: str
    checks: dict[str, list[str]] = field(default_factory=dict)  # compiled: words, and numbers in base64
    hash: str = ""
    parts: tuple["Assignment", ...] = ()  # where it has several notebooks, one each; then there is none of its own

    def with_files(self, files_hash: str) -> "Assignment":
        """Return the assignment as another one if its kernels have files: other files, other results."""
        digest = hashlib.sha256(f"{self.hash} {files_hash}".encode()).hexdigest()[:16]
        return replace(self, hash=digest) if files_hash else self

    @cached_property
    def base(self) -> NotebookNode:
        """The notebook that submissions are rebuilt from."""
        base: Any = nbformat.from_dict(json.loads(self.notebook))
        return base

    @cached_property
    def compiled(self) -> dict[str, Check]:
        """The checks by the name of the student's function."""
        return {
            name: from_files(words.encode(), base64.b64decode(numbers))
            for name, (words, numbers) in self.checks.items()
        }

    @cached_property
    def graded_cells(self) -> list[GradedCell]:
        """The cells that earn points, in the notebook's order."""
        if self.parts:
            return [
                replace(cell, grade_id=cell_name(part.name, cell.grade_id))
                for part in self.parts
                for cell in part.graded_cells
            ]
        return list(_graded_cells(self.base))


def _graded_cells(base: NotebookNode) -> Iterator[GradedCell]:
    for cell in base.cells:
        nbgrader = nbgrader_of(cell)
        if not (nbgrader.get("grade") or nbgrader.get("task")):
            continue
        max_points = float(nbgrader.get("points", 0))
        function = checked_function(cell.source) if cell.cell_type == "code" else None
        if nbgrader.get("solution") and not nbgrader.get("task"):
            yield GradedCell(nbgrader["grade_id"], MANUAL, max_points)
        elif nbgrader.get("task") or cell.cell_type != "code":
            yield GradedCell(nbgrader["grade_id"], TASK, max_points)
        elif function and nbgrader.get("locked"):
            yield GradedCell(nbgrader["grade_id"], CHECKED, max_points, function)
        else:
            yield GradedCell(nbgrader["grade_id"], TRUSTING, max_points)


def load_ours(root: Path, name: str) -> Assignment:
    """Load an assignment of this course from its release notebook; :func:`with_checks` adds the hidden inputs."""
    path = root / "exercises" / f"{name}.ipynb"
    if not path.is_file():
        known = ", ".join(sorted(other.stem for other in path.parent.glob("*.ipynb"))) or "none"
        raise AssignmentError(f"there is no assignment {name!r} in {path.parent}; there are: {known}")
    base = _read(path)
    if not any(cell.kind == CHECKED for cell in _graded_cells(base)):
        raise AssignmentError(f"{path}: no check cell; for a notebook with tests in its cells give --source")
    text = _as_text(base)
    try:
        parts = [text.encode(), *(source.read_bytes() for source in check_sources(_check_file(root, name)))]
    except OSError as error:
        raise AssignmentError(f"{error.filename}: {error.strerror}") from error
    except ExerciseError as error:
        raise AssignmentError(str(error)) from error
    return Assignment(name, text, {}, hashlib.sha256(b"\0".join(parts)).hexdigest()[:16])


def with_checks(assignment: Assignment, root: Path, secret: int) -> Assignment:
    """Return ``assignment`` with its checks, whose inputs are drawn from ``secret``."""
    path = _check_file(root, assignment.name)
    wanted = {cell.function: cell for cell in assignment.graded_cells if cell.kind == CHECKED}
    try:
        exercises = load_exercises(path)
        if missing := wanted.keys() - exercises.keys():
            raise AssignmentError(f"{path}: no exercise {', '.join(sorted(missing))}, which {assignment.name} asks for")
        checks = [
            compile_check(
                exercises[function],
                cell.max_points,
                assignment=assignment.name,
                seed=derive(secret, f"{assignment.name}: {function}"),
            )
            for function, cell in wanted.items()
        ]
    except ExerciseError as error:
        raise AssignmentError(str(error)) from error
    return replace(assignment, checks={check.name: _packed(check) for check in checks})


def _check_file(root: Path, name: str) -> Path:
    return root / "solutions" / "checks" / f"{re.sub('^[0-9]+_', '', name)}.py"


def load_source(path: Path, name: str) -> Assignment:
    """Load a notebook in nbgrader's format, or as one assignment all those in a folder that have graded cells.

    Solutions are taken out, hidden tests left in.
    """
    paths = source_notebooks(path)
    parts = [part for one in paths if (part := _source(one, one.stem if len(paths) > 1 else name)).graded_cells]
    if not parts:
        raise AssignmentError(f"{path}: no cell in it is graded (nbgrader's metadata is missing)")
    if len(paths) == 1:
        return parts[0]
    together = hashlib.sha256(" ".join(f"{part.name} {part.hash}" for part in parts).encode()).hexdigest()[:16]
    return Assignment(name, "", {}, together, tuple(parts))


def _source(path: Path, name: str) -> Assignment:
    base = _read(path)
    for cell in base.cells:
        if nbgrader_of(cell).get("solution"):
            cell.source = without_solution(cell.source, cell.cell_type)
    text = _as_text(base)
    return Assignment(name, text, {}, hashlib.sha256(text.encode()).hexdigest()[:16])


def source_notebooks(path: Path) -> list[Path]:
    """Return the notebooks that ``--source`` names: one, or those directly in a folder."""
    if not path.is_dir():
        return [path]
    found = sorted(one for one in path.glob("*.ipynb") if not one.name.startswith("."))
    if not found:
        raise AssignmentError(f"{path}: no notebook in this folder")
    return found


def _read(path: Path) -> NotebookNode:
    """Read an instructor's notebook of any format. Cells without an id of their own get one that is always the same."""
    try:
        notebook: Any = nbformat.reader.reads(path.read_text(encoding="utf-8"))
        if notebook.nbformat < 4:
            notebook = nbformat.convert(notebook, 4)
        if not isinstance(notebook.cells, list) or not isinstance(notebook.metadata, dict):
            raise FormatError("it has no list of cells, or no metadata")
        require_the_format(notebook)
    except FormatError as error:
        raise AssignmentError(f"{path}: {error}") from error
    except OSError as error:
        raise AssignmentError(f"{path}: cannot be read: {error.strerror}") from error
    except Exception as error:  # nbformat meets a broken file with errors of every kind
        raise AssignmentError(f"{path}: not a notebook that can be read: {type(error).__name__}: {error}") from error
    ids: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        if not cell.get("id") or cell.id in ids:
            cell.id = f"cell-{number}"
        ids.add(cell.id)
    notebook.nbformat, notebook.nbformat_minor = 4, max(5, notebook.nbformat_minor)
    return notebook


def _as_text(base: NotebookNode) -> str:
    for cell in base.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return json.dumps(base, sort_keys=True)


def _packed(check: Check) -> list[str]:
    files = to_files(check)
    numbers = base64.b64encode(files[f"{check.name}.safetensors"]).decode()
    return [files[f"{check.name}.json"].decode(), numbers]


def derive(secret: int, label: str) -> int:
    """Return a seed for one use, from which neither the secret nor another use's seed can be worked out."""
    key = secret.to_bytes(32, "little", signed=True)
    return int.from_bytes(hmac.digest(key, label.encode(), "sha256")[:7])
