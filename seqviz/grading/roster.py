"""Read a class list exported from Canvas or Moodle, and write the file that brings the grades back.

Rows and numbers come from the learning platform's own export, since only it knows them: Canvas's gradebook export, or
the grading worksheet of a Moodle assignment. Everything but the grade is written back as it was read.
"""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from seqviz.grading.errors import WrongUseError
from seqviz.grading.gradebook import Graded
from seqviz.grading.results import NOT_GRADED

CANVAS, MOODLE = "canvas", "moodle"
_CANVAS_FIXED = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_POINTS_POSSIBLE = "Points Possible"


class RosterError(WrongUseError):
    """The class list cannot be used; the message says why."""


@dataclass(frozen=True)
class Roster:
    """A class list: which platform it is of, its columns, its rows."""

    kind: str
    columns: list[str]
    rows: list[dict[str, str]]

    def students(self) -> list[dict[str, str]]:
        """Return the rows that are students, and not Canvas's row of maximum points."""
        return [row for row in self.rows if self.kind == MOODLE or row["ID"].strip()]


def read_roster(path: Path) -> Roster:
    """Read a class list; say which columns are missing if it is neither platform's."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        dialect = csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;\t")
        reader = csv.DictReader(io.StringIO(text), dialect=dialect, restval="", strict=True)
        columns = list(reader.fieldnames or [])
        rows = [{name: value for name, value in row.items() if name is not None} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RosterError(f"{path}: not a CSV file that can be read: {error}") from error
    if {"Student", "ID"} <= set(columns):
        return Roster(CANVAS, columns, rows)
    if {"Identifier", "Grade"} <= set(columns):
        return Roster(MOODLE, columns, rows)
    raise RosterError(
        f"{path}: neither Canvas's gradebook export (columns Student and ID) nor Moodle's grading worksheet "
        f"(columns Identifier and Grade); its columns are {', '.join(columns)}"
    )


@dataclass(frozen=True)
class Import:
    """A file to import, and lines about who could not be matched."""

    name: str
    text: str
    notes: list[str]


def import_file(roster: Roster, assignment: str, graded: list[Graded]) -> Import:
    """Fill the grades of ``assignment`` into a class list."""
    matched, notes = _matched(roster, graded)
    fill = _fill_canvas if roster.kind == CANVAS else _fill_moodle
    columns, rows = fill(roster, assignment, matched, notes)
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return Import(f"{roster.kind}.csv", out.getvalue(), notes)


def _matched(roster: Roster, graded: list[Graded]) -> tuple[dict[int, Graded], list[str]]:
    """Match by the platform's number, else by a name that only one student has."""
    by_number = {_number(roster, row): index for index, row in enumerate(roster.rows)}
    by_name: dict[str, set[int]] = defaultdict(set)
    for index, row in enumerate(roster.rows):
        for column in ("SIS Login ID", "SIS User ID", "Student", "Full name", "Email address", "Username", "ID number"):
            if name := row.get(column, "").strip().casefold():
                by_name[name].add(index)
    matched: dict[int, Graded] = {}
    notes = []
    for one in graded:
        if one.status == NOT_GRADED:  # no grade is something else than a grade of zero
            notes.append(f"{one.key.student}: could not be graded, so not in the import file")
            continue
        found = by_number.get(one.lms_id) if one.lms_id else None
        if found is None:
            candidates = by_name.get(one.key.student.strip().casefold(), set())
            found = next(iter(candidates)) if len(candidates) == 1 else None
        if found is None:
            notes.append(f"{one.key.student}: not in the class list, so not in the import file")
        elif found in matched:
            notes.append(f"{one.key.student}: the class list's row is taken by {matched[found].key.student}")
        else:
            matched[found] = one
    return matched, notes


def _number(roster: Roster, row: dict[str, str]) -> str:
    column = "ID" if roster.kind == CANVAS else "Identifier"
    return "".join(character for character in row[column] if character.isdigit()) or "none"


def _fill_canvas(
    roster: Roster, assignment: str, matched: dict[int, Graded], notes: list[str]
) -> tuple[list[str], list[dict[str, str]]]:
    del notes
    named = [column for column in roster.columns if column == assignment or column.startswith(f"{assignment} (")]
    column = named[0] if named else assignment
    rows = []
    for index, row in enumerate(roster.rows):
        if row["Student"].strip() == _POINTS_POSSIBLE:
            rows.append({**row})
        elif index in matched:
            rows.append({**row, column: f"{matched[index].points:g}"})
    return [*(name for name in _CANVAS_FIXED if name in roster.columns), column], rows


def _fill_moodle(
    roster: Roster, assignment: str, matched: dict[int, Graded], notes: list[str]
) -> tuple[list[str], list[dict[str, str]]]:
    del assignment
    rows = []
    scaled = False
    for index, row in enumerate(roster.rows):
        filled = {**row}
        if index in matched and row.get("Grade can be changed", "Yes").strip().casefold() != "no":
            one = matched[index]
            most = _as_number(row.get("Maximum Grade", "")) or one.max_points
            scaled |= most != one.max_points
            filled["Grade"] = f"{one.points * most / one.max_points if one.max_points else 0.0:.2f}"
        rows.append(filled)
    if scaled:
        notes.append("the maximum grade in Moodle differs from the points there are: grades are scaled to it")
    return roster.columns, rows


def _as_number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
