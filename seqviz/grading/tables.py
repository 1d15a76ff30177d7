"""The gradebook as CSV, for spreadsheets and scripts."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from seqviz.grading.gradebook import Graded

GRADEBOOK_COLUMNS = ("student", "assignment", "cell", "points", "max_points", "status", "mistake", "seconds")
# At the start, or after what some spreadsheets take for the end of a cell; the wide forms count in some languages.
_FORMULA = re.compile(r"(^|[;\t\r\n])([=+\-@\t\r＝＋－＠])")

TOTALS_COLUMNS = ("student", "assignment", "points", "max_points", "ungraded", "status", "submitted_at", "message")


def gradebook_csv(graded: Iterable[Graded]) -> str:
    """Return a line per student and cell. Points are empty where a person has to give them."""
    lines = [
        (
            *(one.key.student, one.key.assignment, row.cell, _number(row.points), _number(row.max_points)),
            *(row.status, row.mistake or "", f"{row.seconds:.3f}"),
        )
        for one in graded
        for row in one.rows
    ]
    return _csv(GRADEBOOK_COLUMNS, lines)


def totals_csv(graded: Iterable[Graded]) -> str:
    """Return a line per student; ``ungraded`` is how many of the maximum points a person has yet to give."""
    lines = [
        (
            *(one.key.student, one.key.assignment, _number(one.points), _number(one.max_points)),
            _number(sum(row.max_points for row in one.rows if row.points is None)),
            *(one.status, one.submitted_at, "; ".join([one.message, *one.warnings]).strip("; ")),
        )
        for one in graded
    ]
    return _csv(TOTALS_COLUMNS, lines)


def _csv(columns: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_inert(value) for value in line] for line in lines)
    return out.getvalue()


def _inert(value: Any) -> str:
    """Keep a spreadsheet from running a student's name as a formula."""
    return _FORMULA.sub(r"\1'\2", str(value))


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, 4):g}"
