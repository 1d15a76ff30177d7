"""Rebuild a submission: the instructor's notebook with the student's source in the solution cells.

Whatever a student does to the notebook around the solution cells (delete, duplicate, move, edit, unlock) changes
nothing; cells they added stay where they were put, since helpers are honest work and nothing trusted runs beside them.
"""

import copy
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from seqviz.grading.submissions import UnreadableError

_MAX_CELLS = 5000
_MAX_CODE = 4 << 20  # characters; what is graded is also looked through, and each character costs time
_MISSING = "# This cell was not in the notebook that was handed in."


@dataclass(frozen=True)
class StudentCell:
    """What is taken from a submission: a cell's kind, source, and the two names that can tell where it belongs."""

    kind: str
    source: str
    id: str
    grade_id: str


@dataclass
class Rebuilt:
    """A notebook fit to run, and what was noticed on the way."""

    notebook: NotebookNode
    warnings: list[str] = field(default_factory=list)


def read_notebook(blob: bytes) -> list[StudentCell]:
    """Read the cells of a submission; raise :class:`UnreadableError` saying why that cannot be done.

    Metadata, outputs and anything else a file may hold are not looked at, so they can be as broken as they like.
    """
    if not blob.strip():
        raise UnreadableError("an empty file")
    try:
        tree = json.loads(blob.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableError("not a notebook: not text in UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not a notebook: not JSON, or cut off ({_short(error)})") from error
    except MemoryError:
        raise UnreadableError("not a notebook: it has too many parts") from None
    if isinstance(tree, dict) and isinstance(tree.get("worksheets"), list):  # before 2014
        tree = _upgraded(tree)
    if not isinstance(tree, dict) or not isinstance(tree.get("cells"), list):
        raise UnreadableError("not a notebook: no list of cells")
    if len(tree["cells"]) > _MAX_CELLS:
        raise UnreadableError(f"more than {_MAX_CELLS} cells")
    cells = [_student_cell(cell) for cell in tree["cells"] if isinstance(cell, dict)]
    if sum(len(cell.source) for cell in cells if cell.kind == "code") > _MAX_CODE:
        raise UnreadableError(f"more than {_MAX_CODE >> 20} million characters of code")
    return cells


def _upgraded(tree: dict[str, Any]) -> Any:
    try:
        return nbformat.convert(nbformat.from_dict(tree), 4)
    except Exception as error:  # whatever an old converter meets in a broken file
        raise UnreadableError(f"not a notebook: {_short(error)}") from error


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _student_cell(cell: dict[str, Any]) -> StudentCell:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return StudentCell(
        kind="code" if cell.get("cell_type") == "code" else "markdown",
        source=(source if isinstance(source, str) else "").encode(errors="replace").decode(),  # no lone surrogates
        id=cell["id"] if isinstance(cell.get("id"), str) else "",
        grade_id=grade_id if isinstance(grade_id, str) else "",
    )


def nbgrader_of(cell: NotebookNode) -> dict[str, Any]:
    """Return the nbgrader metadata of a cell of the instructor's notebook."""
    return cell.metadata.get("nbgrader") or {}


def takes_an_answer(cell: NotebookNode) -> bool:
    """Whether the student writes into this cell: a solution, or a free-text task."""
    return bool(nbgrader_of(cell).get("solution") or nbgrader_of(cell).get("task"))


def rebuild_notebook(base: NotebookNode, student: list[StudentCell]) -> Rebuilt:
    """Return ``base`` with the student's answers in it, and their own cells in their places."""
    matches, added = _match(base, student)
    result = Rebuilt(copy.deepcopy(base))
    cells: list[NotebookNode] = _added_cells(added[-1], "start")
    for position, cell in enumerate(result.notebook.cells):
        stub = cell.source
        _fill(cell, [student[number] for number in matches[position]], result.warnings)
        more = [one for one in added[position] if not (takes_an_answer(cell) and one.source.strip() == stub.strip())]
        cells += [cell, *_added_cells(more, cell.id)]
    result.notebook.cells = cells
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    result.notebook.metadata = NotebookNode(kernelspec=NotebookNode(python))
    return result


def _match(base: NotebookNode, student: list[StudentCell]) -> tuple[dict[int, list[int]], dict[int, list[StudentCell]]]:
    """Say which of the student's cells belong to which of ours, and after which of ours the others stand."""
    by_grade_id = {
        nbgrader_of(cell)["grade_id"]: n for n, cell in enumerate(base.cells) if "grade_id" in nbgrader_of(cell)
    }
    by_id = {cell.id: n for n, cell in enumerate(base.cells)}
    by_source = {cell.source: n for n, cell in enumerate(base.cells) if cell.source.strip() and not nbgrader_of(cell)}
    matches: dict[int, list[int]] = defaultdict(list)
    added: dict[int, list[StudentCell]] = defaultdict(list)
    anchor = -1
    for number, cell in enumerate(student):
        position = by_grade_id.get(cell.grade_id)
        if position is None and not matches.get(by_id.get(cell.id, -1)):
            position = by_id.get(cell.id)
        if position is None and not matches.get(by_source.get(cell.source, -1)):
            position = by_source.get(cell.source)
        if position is None:
            added[anchor].append(cell)
        else:
            if matches[position] and takes_an_answer(base.cells[position]):
                added[position].append(cell)  # split, or copied and corrected: it runs behind the first, as at home
            matches[position].append(number)
            anchor = position
    return matches, added


def _fill(cell: NotebookNode, candidates: list[StudentCell], warnings: list[str]) -> None:
    """Put the student's source into our cell, where it is theirs to write."""
    nbgrader = nbgrader_of(cell)
    name = nbgrader.get("grade_id") or cell.id
    if takes_an_answer(cell):
        if len(candidates) > 1:
            warnings.append(f"{name}: {len(candidates)} cells with this name, run in their order; the last counts")
        if candidates:
            cell.source = candidates[0].source
        else:
            warnings.append(f"{name}: this cell is missing")
            cell.source = _MISSING if cell.cell_type == "code" else ""
    elif nbgrader.get("locked") or nbgrader.get("grade"):
        if any(one.source.strip() != cell.source.strip() for one in candidates[:1]):
            warnings.append(f"{name}: a locked cell was edited; the original was used")
        elif not candidates:
            warnings.append(f"{name}: a locked cell is missing; the original was used")
    elif candidates:
        cell.source = candidates[0].source
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None


def _added_cells(added: list[StudentCell], after: str) -> list[NotebookNode]:
    cells = []
    for number, one in enumerate(added):
        make = nbformat.v4.new_code_cell if one.kind == "code" else nbformat.v4.new_markdown_cell
        cells.append(make(one.source, id=f"added-{number}-{after}"[:64]))
    return cells
