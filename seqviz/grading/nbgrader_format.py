"""nbgrader's notebook format (schema 3, nbgrader 0.9.6): whose cells are whose, what students are given, what is wrong.

A source notebook is refused, with its file and cell, where nbgrader would refuse it or where it would be graded
wrongly here.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

_SOLUTION, _HIDDEN, _AUTOTEST = "SOLUTION", "HIDDEN TESTS", "AUTOTEST"
# Kernels of other languages by name, for a notebook that does not say which language its kernel runs.
_FOREIGN = re.compile(r"(ir|julia|octave|matlab|sas|bash|i?java|scala|xcpp|rust|iruby)[-.\d]*$", re.IGNORECASE)


class FormatError(ValueError):
    """A cell does not keep to the format; the message says how."""


def nbgrader_of(cell: NotebookNode) -> dict[str, Any]:
    """Return the nbgrader metadata of a cell of the instructor's notebook."""
    return cell.metadata.get("nbgrader") or {}


def name_of(cell: Any) -> str:
    """Return the grade_id of a cell, however broken it is, or an empty text."""
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) else ""


def takes_an_answer(cell: NotebookNode) -> bool:
    """Whether the student writes into this cell: a solution, or a free-text task."""
    return bool(nbgrader_of(cell).get("solution") or nbgrader_of(cell).get("task"))


def without_solution(source: str, kind: str) -> str:
    """Return what nbgrader hands out in place of ``source``: marked regions, else everything, become a stub."""
    stub = ["# YOUR CODE HERE", "raise NotImplementedError()"] if kind == "code" else ["YOUR ANSWER HERE"]
    inside = _lines_inside(source, _SOLUTION)
    if f"BEGIN {_SOLUTION}" not in source:
        return "\n".join(stub)
    lines: list[str] = []
    for number, line in enumerate(source.split("\n")):
        if number not in inside:
            lines.append(line)
        elif f"BEGIN {_SOLUTION}" in line:
            lines += [line[: len(line) - len(line.lstrip())] + text for text in stub]
    return "\n".join(lines)


def without_hidden_tests(source: str) -> str:
    """Return the part of a test cell that students have."""
    hidden = hidden_lines(source)
    return "\n".join(line for number, line in enumerate(source.split("\n")) if number not in hidden)


def hidden_lines(source: str) -> set[int]:
    """Return the numbers, from 0, of the lines that students do not have."""
    return _lines_inside(source, _HIDDEN)


def _lines_inside(source: str, name: str) -> set[int]:
    """Return the numbers of the lines from each BEGIN to its END, both included."""
    inside: set[int] = set()
    begun = False
    for number, line in enumerate(source.split("\n")):
        if begins := f"BEGIN {name}" in line:
            if begun:
                raise FormatError(f"BEGIN {name} comes twice before its END")
            begun = True
        if begun or f"END {name}" in line:
            inside.add(number)
        begun &= begins or f"END {name}" not in line
    if begun:
        raise FormatError(f"BEGIN {name} without END {name}")
    return inside


def language_of(notebook: NotebookNode) -> str:
    """Return the language of a notebook's kernel; "python" where nothing says otherwise."""
    metadata = notebook.metadata
    kernel, about = metadata.get("kernelspec") or {}, metadata.get("language_info") or {}
    name = str(kernel.get("name") or "")
    return str(kernel.get("language") or about.get("name") or (name if _FOREIGN.match(name) else "python"))


def require_the_format(notebook: NotebookNode) -> None:
    """Raise :class:`FormatError`, with the cell, if ``notebook`` could not be graded as nbgrader grades it."""
    language = language_of(notebook)
    if language.casefold() not in ("python", "ipython", "python3"):
        raise FormatError(f"its kernel runs {language}; only Python is graded here")
    names: set[str] = set()
    for number, cell in enumerate(notebook.cells, 1):
        name = name_of(cell)
        try:
            for words in _wrong_with(cell):
                raise FormatError(words)
            if name in names:
                raise FormatError(f"the grade_id {name} is used twice")
        except FormatError as error:
            raise FormatError(f"cell {number}{f' ({name})' if name else ''}: {error}") from error
        names |= {name} - {""}


def _wrong_with(cell: Any) -> Iterator[str]:
    """Say what is wrong with one cell, from its bare structure on; what comes later relies on what came before."""
    if not isinstance(cell, NotebookNode) or not isinstance(cell.get("metadata"), dict):
        yield "not a cell: it has no metadata"
    if cell.get("cell_type") not in ("code", "markdown", "raw") or not isinstance(cell.get("source"), str):
        yield "not a cell: its cell_type or source is missing"
    if not isinstance(cell.metadata.get("nbgrader") or {}, dict):
        yield "its nbgrader metadata is not a table of names and values"
    nbgrader = nbgrader_of(cell)
    earns = bool(nbgrader.get("grade") or nbgrader.get("task"))
    is_solution = bool(nbgrader.get("solution"))
    if (earns or is_solution or nbgrader.get("locked")) and not name_of(cell).strip():
        yield "it has no grade_id"
    if earns and not _is_points(nbgrader.get("points")):
        yield f"its points are {nbgrader.get('points', 'missing')!r}; a number from 0 is needed"
    if _lines_inside(cell.source, _SOLUTION) and not is_solution:
        yield "a solution between BEGIN SOLUTION and END SOLUTION, but it is not marked as a solution cell"
    if hidden_lines(cell.source) and not nbgrader.get("grade"):
        yield "hidden tests, but it is not marked as a test cell"
    for number, line in enumerate(cell.source.split("\n") if cell.cell_type == "code" else [], 1):
        if _AUTOTEST in line and line.strip().startswith("#"):
            yield (
                f"line {number}: AUTOTEST is not expanded here, and as a comment it would test nothing; "
                "write out the assertions that nbgrader generate_assignment makes of it"
            )


def _is_points(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
