"""Read a class list exported from Canvas or Moodle, and write the file that brings the grades back.

Rows and numbers come from the learning platform's own export, since only it knows them: Canvas's gradebook export, or
the grading worksheet of a Moodle assignment. Everything but the grade is written back as it was read.
"""

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from seqviz.grading.errors import WrongUseError
from seqviz.grading.gradebook import Graded
from seqviz.grading.results import NOT_GRADED

CANVAS, MOODLE = "canvas", "moodle"
_CANVAS_FIXED = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_CANVAS_NAMES = ("SIS Login ID", "SIS User ID", "Student")
_POINTS_POSSIBLE = "Points Possible"
_PARTICIPANT = re.compile(r"[^\d]*[^\W\d][^\d]*\d+")
_NO = {"no", "nein", "non", "não", "nao", "nee", "nej", "nei", "ne", "ei", "nie", "hayır", "нет", "ні", "いいえ", "否"}


class RosterError(WrongUseError):
    """The class list cannot be used; the message says why."""


@dataclass(frozen=True)
class Roster:
    """A class list: which platform it is of, its columns, its rows, and what its columns mean: ``names``.

    Moodle writes its headings in the language of whoever downloads; ``names`` says which column is the
    ``identifier``, the ``grade``, the ``maximum`` and whether it is ``changeable``.
    """

    kind: str
    columns: list[str]
    rows: list[dict[str, str]]
    names: dict[str, str] = field(default_factory=dict)

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
    if names := _moodles_names(columns, rows):
        return Roster(MOODLE, columns, rows, names)
    raise RosterError(
        f"{path}: neither Canvas's gradebook export (columns Student and ID) nor Moodle's grading worksheet (first "
        "column Identifier, such as Participant 123; before the column of the maximum grade that of the grade); "
        f"its columns are {', '.join(columns)}"
    )


def _moodles_names(columns: list[str], rows: list[dict[str, str]]) -> dict[str, str]:
    """Say which columns of Moodle's worksheet are which: by their English names, else by what is in them.

    Its columns keep their order in all languages. The first holds a word and a number, such as "Participant 123";
    the grade stands before its maximum, which is one number for all, and then comes whether it can be changed.
    """
    english = {"identifier": "Identifier", "grade": "Grade", "maximum": "Maximum Grade"}
    if {"Identifier", "Grade"} <= {*columns}:
        return english | {"changeable": "Grade can be changed"}
    if not rows or not columns or not all(_PARTICIPANT.fullmatch(row[columns[0]].strip()) for row in rows):
        return {}
    found: dict[str, str] = {}
    for grade, maximum, changeable in zip(columns[1:], columns[2:], [*columns[3:], ""], strict=False):
        grades, most = {row[grade].strip() for row in rows}, {row[maximum].strip() for row in rows}
        if len(most) == 1 and all(map(_as_number, most)) and all(not one or _is_number(one) for one in grades):
            found = {"identifier": columns[0], "grade": grade, "maximum": maximum, "changeable": changeable}
    return found  # the last: a group's number may look the same


def _is_number(text: str) -> bool:
    return text == "-" or _as_number(text) is not None


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
        named = _CANVAS_NAMES
        if roster.kind == MOODLE:  # name, number and address, in any language
            named = roster.columns[1 : roster.columns.index(roster.names["grade"])]
        for column in named:
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
    column = "ID" if roster.kind == CANVAS else roster.names["identifier"]
    return "".join(character for character in row[column] if character.isdigit()) or "none"


def _fill_canvas(
    roster: Roster, assignment: str, matched: dict[int, Graded], notes: list[str]
) -> tuple[list[str], list[dict[str, str]]]:
    named = [column for column in roster.columns if column == assignment or column.startswith(f"{assignment} (")]
    column = named[0] if named else assignment
    most = max((one.max_points for one in matched.values()), default=0.0)
    if not named:
        notes.append(f"Canvas has no assignment {assignment} yet: importing makes a new one, of {most:g} points")
    rows: list[dict[str, str]] = []
    if not named and not any(row["Student"].strip() == _POINTS_POSSIBLE for row in roster.rows):
        rows.append({"Student": _POINTS_POSSIBLE, column: f"{most:g}"})
    for index, row in enumerate(roster.rows):
        if row["Student"].strip() == _POINTS_POSSIBLE:
            rows.append({**row} if named else {**row, column: f"{most:g}"})
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
        changeable = row.get(roster.names.get("changeable", ""), "").strip().casefold()
        if index in matched and changeable not in _NO:
            one = matched[index]
            maximum = row.get(roster.names["maximum"], "")
            most = _as_number(maximum) or one.max_points
            scaled |= most != one.max_points
            grade = f"{one.points * most / one.max_points if one.max_points else 0.0:.2f}"
            filled[roster.names["grade"]] = grade.replace(".", ",") if "," in maximum else grade
        rows.append(filled)
    if scaled:
        notes.append("the maximum grade in Moodle differs from the points there are: grades are scaled to it")
    return roster.columns, rows


def _as_number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
