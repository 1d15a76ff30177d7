"""Points and comments that a person gives: a table to fill in a spreadsheet, and its way back into the gradebook."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from seqviz.grading.errors import WrongUseError
from seqviz.grading.gradebook import Given, Graded
from seqviz.grading.results import GRADED, Row
from seqviz.grading.tables import as_written, csv_text, inert, number

COLUMNS = ("student", "cell", "submission", "max_points", "answer", "points", "comment")
_HASH = 12  # characters of a submission's hash: they show whether the answer is still the one that was read


@dataclass(frozen=True)
class Entry:
    """One line of the table in which somebody wrote something."""

    line: int
    student: str
    cell: str
    submission: str
    points: float | None
    comment: str


def manual_csv(graded: Iterable[Graded]) -> str:
    """Return a line per answer that a person reads, with the points and comments that were given before."""
    lines = [
        (
            *(
                one.key.student,
                row.cell,
                one.key.submission_hash[:_HASH],
                number(row.max_points),
                row.detail.get("answer", ""),
            ),
            *(number(row.points), row.detail.get("comment", "")),
        )
        for one, row in _answers(graded)
    ]
    return csv_text(COLUMNS, lines)


def read_manual(path: Path) -> list[Entry]:
    """Read a table that was filled in; a spreadsheet may have changed its separator and its decimal point."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        dialect = csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;\t")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), dialect=dialect, restval="", strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WrongUseError(f"{path}: not a CSV file that can be read: {error}") from error
    if missing := [name for name in ("student", "cell", "points", "comment") if rows and name not in rows[0]]:
        raise WrongUseError(f"{path}: no column {', '.join(missing)}; results/manual.csv has them all")
    entries = []
    for line, row in enumerate(rows, 2):
        points, comment = row["points"].strip(), as_written(row["comment"].strip())
        try:
            given = float(points.replace(",", ".")) if points else None
        except ValueError as error:
            raise WrongUseError(f"{path}: row {line} ({row['student']}): points {points!r} are no number") from error
        if given is not None or comment:
            entries.append(Entry(line, row["student"], row["cell"], row.get("submission", ""), given, comment))
    return entries


def match(entries: Iterable[Entry], graded: Iterable[Graded]) -> tuple[list[Given], list[str]]:
    """Say what was given for which answer, and why some lines cannot be used."""
    answers = {(inert(one.key.student), inert(row.cell)): (one, row) for one, row in _answers(graded)}
    given, notes = [], []
    for entry in entries:
        where = f"manual points, row {entry.line} ({entry.student}, {entry.cell})"
        if (found := answers.get((entry.student, entry.cell))) is None:
            notes.append(f"{where}: there is no such answer to grade")
            continue
        one, row = found
        if entry.submission and not one.key.submission_hash.startswith(entry.submission):
            notes.append(f"{where}: another notebook was handed in since; read its answer again")
        elif entry.points is not None and not 0 <= entry.points <= row.max_points:
            notes.append(f"{where}: {entry.points:g} points are not from 0 to {row.max_points:g}")
        else:
            given.append(Given(one.key, row.cell, entry.points, entry.comment))
    return given, notes


def holds_more(path: Path, graded: Iterable[Graded]) -> bool:
    """Whether somebody wrote into the table at ``path`` what the gradebook does not know yet."""
    if not path.exists():
        return False
    try:
        entries = read_manual(path)
    except WrongUseError:
        return True
    known = {
        (inert(one.key.student), inert(row.cell)): (row.points, row.detail.get("comment", ""))
        for one, row in _answers(graded)
    }
    return any(
        (entry.points, entry.comment) != known.get((entry.student, entry.cell), (entry.points, entry.comment))
        for entry in entries
    )


def _answers(graded: Iterable[Graded]) -> Iterator[tuple[Graded, Row]]:
    return ((one, row) for one in graded if one.status == GRADED for row in one.rows if row.by_hand)
