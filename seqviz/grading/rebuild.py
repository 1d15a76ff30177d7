"""Rebuild a submission: the instructor's notebook with the student's source in the solution cells.

Whatever a student does to the notebook around the solution cells (delete, duplicate, move, edit, unlock) changes
nothing; cells they added stay where they were put, since helpers are honest work and nothing trusted runs beside them.
"""

import copy
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from seqviz.grading.nbgrader_format import name_of, nbgrader_of, takes_an_answer, without_hidden_tests
from seqviz.grading.submissions import UnreadableError

_MAX_CELLS = 5000
_MAX_CODE = 4 << 20  # characters; what is graded is also looked through, and each character costs time
_MAX_COMPARED = 10_000  # pairs of cells of one gap that are looked at for likeness: more take too long
_LIKE = 0.5  # what half of whose words are the same is an edited form
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
    """A notebook fit to run, what was noticed on the way, and the answers that were given, by grade_id.

    An answer is missing where the cell is as it was handed out, and None where the cell is gone.
    """

    notebook: NotebookNode
    warnings: list[str] = field(default_factory=list)
    answers: dict[str, str | None] = field(default_factory=dict)


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


def rebuild_notebook(base: NotebookNode, student: list[StudentCell]) -> Rebuilt:
    """Return ``base`` with the student's answers in it, and their own cells in their places."""
    matches, added = _match(base, student)
    result = Rebuilt(copy.deepcopy(base))
    cells: list[NotebookNode] = _added_cells(added[-1], "start")
    for position, cell in enumerate(result.notebook.cells):
        stub = cell.source
        _fill(cell, [student[number] for number in matches[position]], result)
        more = [one for one in added[position] if not (takes_an_answer(cell) and one.source.strip() == stub.strip())]
        cells += [cell, *_added_cells(more, cell.id)]
    result.notebook.cells = cells
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    result.notebook.metadata = NotebookNode(kernelspec=NotebookNode(python))
    return result


def _match(base: NotebookNode, student: list[StudentCell]) -> tuple[dict[int, list[int]], dict[int, list[StudentCell]]]:
    """Say which of the student's cells belong to which of ours, and after which of ours the others stand."""
    places = _same_cells(base, student)
    for pair in (_alike, _alone):
        places |= _edited_cells(base, student, places, pair)
    matches: dict[int, list[int]] = defaultdict(list)
    added: dict[int, list[StudentCell]] = defaultdict(list)
    taken = set(places.values())
    anchor = -1
    for number, cell in enumerate(student):
        position = places.get(number)
        if position is None:
            # Plain cells of ours that are gone come back before the student's own, which may have replaced them.
            while anchor + 1 < len(base.cells) and anchor + 1 not in taken and not nbgrader_of(base.cells[anchor + 1]):
                anchor += 1
            added[anchor].append(cell)
            continue
        if matches[position] and takes_an_answer(base.cells[position]):
            added[position].append(cell)  # split, or copied and corrected: it runs behind the first, as at home
        matches[position].append(number)
        anchor = position
    return matches, added


def _same_cells(base: NotebookNode, student: list[StudentCell]) -> dict[int, int]:
    """Match by grade_id, else by id, else by the same source: the student's cell number → ours."""
    by_grade_id = {name: n for n, cell in enumerate(base.cells) if (name := name_of(cell))}
    by_id = {cell.id: n for n, cell in enumerate(base.cells)}
    by_source: dict[str, list[int]] = defaultdict(list)
    for n, cell in enumerate(base.cells):
        if cell.source.strip() and not nbgrader_of(cell):
            by_source[cell.source].append(n)
    places: dict[int, int] = {}
    taken: set[int] = set()
    for number, cell in enumerate(student):
        position = by_grade_id.get(cell.grade_id)
        if position is None:
            candidates = [by_id.get(cell.id), *by_source.get(cell.source, [])]
            position = next((one for one in candidates if one is not None and one not in taken), None)
        if position is not None:
            places[number] = position
            taken.add(position)
    return places


_Pair = Callable[[dict[int, NotebookNode], dict[int, StudentCell]], dict[int, int]]


def _edited_cells(
    base: NotebookNode, student: list[StudentCell], places: dict[int, int], pair: _Pair
) -> dict[int, int]:
    """Match what is left between two matched cells, ours without metadata and the student's, as ``pair`` says.

    Files that other editors save carry no ids, and a cell that was copied has a new one.
    """
    found: dict[int, int] = {}
    taken = set(places.values())
    anchor, own = -1, []
    for number in range(len(student) + 1):
        if number < len(student) and number not in places:
            own.append(number)
            continue
        ours = []
        while anchor + 1 < len(base.cells) and anchor + 1 not in taken:
            anchor += 1
            if not nbgrader_of(base.cells[anchor]):
                ours.append(anchor)
        if own and ours:
            found |= pair({n: base.cells[n] for n in ours}, {n: student[n] for n in own})
            taken |= set(found.values())
        own, anchor = [], places.get(number, -1)
    return found


def _alike(ours: dict[int, NotebookNode], own: dict[int, StudentCell]) -> dict[int, int]:
    """Pair cells in their order so that the likenesses of all pairs add up to the most."""
    if len(ours) * len(own) > _MAX_COMPARED:
        return {}
    words = {n: _words(cell.source) for n, cell in ours.items()}
    best: list[tuple[float, dict[int, int]]] = [(0.0, {})] * (len(ours) + 1)
    for number, cell in own.items():
        theirs = _words(cell.source)
        before, best = best, [best[0]]
        for column, (n, our) in enumerate(ours.items()):
            options = [best[-1], before[column + 1]]
            like = _likeness(words[n], theirs) if our.cell_type == cell.kind else 0.0
            if like >= _LIKE:
                total, pairs = before[column]
                options.append((total + like, pairs | {number: n}))
            best.append(max(options, key=lambda option: option[0]))
    return best[-1][1]


def _alone(ours: dict[int, NotebookNode], own: dict[int, StudentCell]) -> dict[int, int]:
    """Pair one cell of ours with one that has no id: between the same neighbours, it was written anew."""
    [n, *more], [number, *others] = ours, own
    new = own[number].id or ours[n].cell_type != own[number].kind
    return {} if more or others or new else {number: n}


def _words(source: str) -> Counter[str]:
    return Counter(re.findall(r"\w+|[^\w\s]", source))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that two sources have in common (Dice's coefficient), from 0 to 1."""
    total = one.total() + other.total()
    return 2 * sum(min(count, other[word]) for word, count in one.items()) / total if total else 0.0


def _fill(cell: NotebookNode, candidates: list[StudentCell], result: Rebuilt) -> None:
    """Put the student's source into our cell, where it is theirs to write."""
    nbgrader = nbgrader_of(cell)
    name = nbgrader.get("grade_id") or cell.id
    if takes_an_answer(cell):
        sources = [one.source for one in candidates if one.source != cell.source]
        if len(candidates) > 1:
            result.warnings.append(
                f"{name}: {len(candidates)} cells with this name, run in their order; the last counts"
            )
        if candidates:
            cell.source = candidates[0].source
        else:
            result.warnings.append(f"{name}: this cell is missing")
            cell.source = _MISSING if cell.cell_type == "code" else ""
        if sources or not candidates:
            result.answers[name] = "\n\n".join(sources) if candidates else None
    elif nbgrader.get("locked") or nbgrader.get("grade"):
        released = without_hidden_tests(cell.source).strip()
        if any(one.source.strip() not in (released, cell.source.strip()) for one in candidates[:1]):
            result.warnings.append(f"{name}: a locked cell was edited; the original was used")
        elif not candidates:
            result.warnings.append(f"{name}: a locked cell is missing; the original was used")
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
