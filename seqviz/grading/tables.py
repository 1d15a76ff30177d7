"""The gradebook as CSV, for spreadsheets and scripts."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from seqviz.grading.gradebook import Graded
from seqviz.grading.times import in_words

GRADEBOOK_COLUMNS = ("student", "assignment", "cell", "points", "max_points", "status", "mistake", "seconds")
# At the start, or after what some spreadsheets take for the end of a cell; the wide forms count in some languages.
_FORMULA = re.compile(r"(^|[;\t\r\n])([=+\-@\t\r＝＋－＠])")
_INERT = re.compile(_FORMULA.pattern.replace(")(", ")'("))

TOTALS_COLUMNS = (
    *("student", "assignment", "points", "max_points", "ungraded", "late", "penalty"),
    *("status", "submitted_at", "message"),
)


def gradebook_csv(graded: Iterable[Graded]) -> str:
    """Return a line per student and cell. Points are empty where a person has to give them."""
    lines = [
        (
            *(one.key.student, one.key.assignment, row.cell, number(row.points), number(row.max_points)),
            *(row.status, row.mistake or "", f"{row.seconds:.3f}"),
        )
        for one in graded
        for row in one.rows
    ]
    return csv_text(GRADEBOOK_COLUMNS, lines)


def totals_csv(graded: Iterable[Graded]) -> str:
    """Return a line per student; ``ungraded`` is how many of the maximum points a person has yet to give."""
    lines = [
        (
            *(one.key.student, one.key.assignment, number(one.points), number(one.max_points)),
            *(number(one.ungraded), in_words(one.late), number(one.penalty)),
            *(one.status, one.submitted_at, "; ".join([one.message, *one.warnings]).strip("; ")),
        )
        for one in graded
    ]
    return csv_text(TOTALS_COLUMNS, lines)


def csv_text(columns: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """Return a table; no spreadsheet runs anything in it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([inert(value) for value in line] for line in lines)
    return out.getvalue()


def inert(value: Any) -> str:
    """Keep a spreadsheet from running a student's name as a formula."""
    return _FORMULA.sub(r"\1'\2", str(value))


def as_written(text: str) -> str:
    """Undo :func:`inert`."""
    return _INERT.sub(r"\1\2", text)


def number(value: float | None) -> str:
    """Return points as text; none given is an empty text."""
    return "" if value is None else f"{round(value, 4):g}"
