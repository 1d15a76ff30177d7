"""The gradebook: one SQLite file, one writer, one transaction per submission. What is in it is graded; nothing else is.

Killing the grader at any moment leaves the last whole transaction, and the next run does the rest. The CSV and HTML
files are derived from it and can be made again at any time.
"""

import fcntl
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from seqviz.grading.errors import IncompleteError
from seqviz.grading.results import BY_HAND, GRADED, Result, Row
from seqviz.grading.submissions import GRADEBOOK

_VERSION = 2
_LONGEST_PATH = 500  # bytes; SQLite's own limit, with room for what it adds to the name of its journal

_TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS submissions (
    student TEXT NOT NULL, assignment TEXT NOT NULL, submission_hash TEXT NOT NULL, check_hash TEXT NOT NULL,
    name TEXT NOT NULL, lms_id TEXT NOT NULL, submitted_at TEXT NOT NULL, status TEXT NOT NULL, message TEXT NOT NULL,
    warnings TEXT NOT NULL, not_enforced TEXT NOT NULL, seconds REAL NOT NULL, "when" TEXT NOT NULL,
    PRIMARY KEY (student, assignment, submission_hash, check_hash)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scores (
    student TEXT NOT NULL, assignment TEXT NOT NULL, cell TEXT NOT NULL,
    submission_hash TEXT NOT NULL, check_hash TEXT NOT NULL, position INTEGER NOT NULL,
    points REAL, max_points REAL NOT NULL, status TEXT NOT NULL, mistake TEXT, trusting INTEGER NOT NULL,
    detail TEXT NOT NULL, seconds REAL NOT NULL, "when" TEXT NOT NULL,
    PRIMARY KEY (student, assignment, cell, submission_hash, check_hash)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS manual (
    student TEXT NOT NULL, assignment TEXT NOT NULL, cell TEXT NOT NULL, submission_hash TEXT NOT NULL,
    points REAL, comment TEXT NOT NULL, "when" TEXT NOT NULL,
    PRIMARY KEY (student, assignment, cell, submission_hash)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS current (
    student TEXT NOT NULL, assignment TEXT NOT NULL, submission_hash TEXT NOT NULL, check_hash TEXT NOT NULL,
    PRIMARY KEY (student, assignment)
) WITHOUT ROWID;
"""

# Format 1 recorded nothing about what counts, and took the latest by these times.
_FROM_FORMAT_1 = """
INSERT OR REPLACE INTO current SELECT student, assignment, submission_hash, check_hash FROM submissions
ORDER BY student, submitted_at, "when", submission_hash;
UPDATE about SET value = '2' WHERE name = 'version';
"""


class GradebookError(IncompleteError):
    """The gradebook cannot be used or written."""


@dataclass(frozen=True)
class Key:
    """What names one grading of one submission."""

    student: str
    assignment: str
    submission_hash: str
    check_hash: str

    @property
    def values(self) -> tuple[str, str, str, str]:
        """The four names, in the order of the tables."""
        return self.student, self.assignment, self.submission_hash, self.check_hash


@dataclass(frozen=True)
class Given:
    """What a person gave for one answer: points, none yet, and a comment."""

    key: Key
    cell: str
    points: float | None
    comment: str


@dataclass(frozen=True)
class Graded:
    """A submission as the gradebook knows it: the one that counts for its student."""

    key: Key
    name: str
    lms_id: str
    submitted_at: str
    status: str
    message: str
    warnings: list[str]
    not_enforced: list[str]
    seconds: float
    rows: list[Row]
    late: timedelta = timedelta(0)
    penalty: float = 0.0  # points, for being late

    @property
    def points(self) -> float:
        """The sum of the points earned so far, less what being late costs."""
        return sum(row.points or 0.0 for row in self.rows) - self.penalty

    @property
    def ungraded(self) -> float:
        """How many of the points there are a person has yet to give."""
        return sum(row.max_points for row in self.rows if row.points is None) if self.status == GRADED else 0.0

    @property
    def max_points(self) -> float:
        """The sum of all points there are, cells for a person to read included."""
        return sum(row.max_points for row in self.rows)


class Gradebook:
    """The only writer of ``gradebook.sqlite`` in a folder of results."""

    def __init__(self, folder: Path, seed: int | None = None) -> None:
        """Open the gradebook in ``folder``, made with ``seed`` (default: a secret one) if there is none yet."""
        self.path = folder / GRADEBOOK
        if len(os.fsencode(self.path.absolute())) > _LONGEST_PATH:
            raise GradebookError(
                f"{self.path}: a longer path than SQLite takes; choose a shorter place for the results"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)  # what students wrote, their names and their grades are in it
            self._lock = _lock(folder)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))  # the seed is in it
            self.path.chmod(0o600)
        except OSError as error:  # a file in the folder's place, a link, no permission, a full disk
            raise GradebookError(f"{error.filename or folder}: cannot be written ({error.strerror})") from error
        with _in_words(self.path):
            self._database = sqlite3.connect(self.path, isolation_level=None)
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.executescript(_TABLES)
            self.seed = self._read_about(seed)

    def _read_about(self, seed: int | None) -> int:
        with self._transaction():
            about = dict(self._database.execute("SELECT name, value FROM about"))
            if not about:
                chosen = secrets.randbits(128) if seed is None else seed
                new = {"version": str(_VERSION), "seed": str(chosen)}
                self._database.executemany("INSERT INTO about VALUES (?, ?)", new.items())
                return chosen
            if about.get("version") == "1":
                for statement in _FROM_FORMAT_1.split(";")[:-1]:
                    self._database.execute(statement)
                about["version"] = str(_VERSION)
        if about.get("version") != str(_VERSION):
            raise GradebookError(f"{self.path}: made by another version of seqviz (format {about.get('version')})")
        if seed is not None and seed != int(about["seed"]):
            raise GradebookError(f"{self.path}: graded with another seed; give --seed only with a new --out")
        return int(about["seed"])

    def close(self) -> None:
        """Close it, and let another run have it."""
        self._database.close()
        os.close(self._lock)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def has(self, key: Key) -> bool:
        """Whether this submission was graded already."""
        query = f"SELECT status FROM submissions WHERE {_WHERE}"
        found = self._database.execute(query, key.values).fetchone()
        return found is not None and found[0] == GRADED

    def rows_to_keep(self, key: Key) -> dict[str, Row] | None:
        """Return the rows of this submission under these checks, else those that count now if they are of it."""
        current = self._lines(_CURRENT + " AND student = ?", key.assignment, key.student)
        of_it = [line for line in current if line["submission_hash"] == key.submission_hash]
        lines = self._lines(f"SELECT * FROM submissions WHERE {_WHERE}", *key.values) or of_it
        return (
            {row.cell: row for row in self._graded(lines[0]).rows} if lines and lines[0]["status"] == GRADED else None
        )

    def write(
        self, key: Key, result: Result, *, name: str, lms_id: str, submitted_at: datetime, not_enforced: list[str]
    ) -> None:
        """Write a whole result, in place of an earlier one of the same submission; from now on it counts."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        time = submitted_at.astimezone(UTC).isoformat(timespec="seconds")
        words = (result.status, result.message, json.dumps(result.warnings), json.dumps(not_enforced))
        with _in_words(self.path), self._transaction():
            self._database.execute(f"DELETE FROM scores WHERE {_WHERE}", key.values)
            self._database.execute(
                f"INSERT OR REPLACE INTO submissions VALUES ({_marks(13)})",
                (*key.values, name, lms_id, time, *words, result.seconds, now),
            )
            for position, row in enumerate(result.rows):
                self._write_row(key, position, row, now)
            self._make_current(key)

    def count(self, key: Key, *, name: str, lms_id: str, submitted_at: datetime) -> None:
        """Let a submission that is graded already count from now on, with the name and time it was found under."""
        about = (name, lms_id, submitted_at.astimezone(UTC).isoformat(timespec="seconds"))
        with _in_words(self.path), self._transaction():
            same = f"name = ? AND lms_id = ? AND submitted_at = ? AND {_WHERE}"
            if not self._database.execute(f"SELECT 1 FROM submissions WHERE {same}", (*about, *key.values)).fetchone():
                change = f"UPDATE submissions SET name = ?, lms_id = ?, submitted_at = ? WHERE {_WHERE}"
                self._database.execute(change, (*about, *key.values))
            self._make_current(key)

    def _make_current(self, key: Key) -> None:
        if not self._database.execute(f"SELECT 1 FROM current WHERE {_WHERE}", key.values).fetchone():
            self._database.execute(f"INSERT OR REPLACE INTO current VALUES ({_marks(4)})", key.values)

    def write_cells(self, key: Key, result: Result, cells: frozenset[str]) -> None:
        """Write only the rows of ``cells``: the rest of an earlier result stays as it is."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with _in_words(self.path), self._transaction():
            for position, row in enumerate(result.rows):
                if row.cell in cells:
                    self._write_row(key, position, row, now)
            self._make_current(key)

    def _write_row(self, key: Key, position: int, row: Row, now: str) -> None:
        student, assignment, submission_hash, check_hash = key.values
        self._database.execute(
            f"INSERT OR REPLACE INTO scores VALUES ({_marks(14)})",
            (
                *(student, assignment, row.cell, submission_hash, check_hash, position),
                *(row.points, row.max_points, row.status, row.mistake, row.trusting),
                *(json.dumps(row.detail, ensure_ascii=False), row.seconds, now),
            ),
        )

    def give(self, given: list[Given]) -> None:
        """Write a person's points and comments. They stay with the notebook that was read."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with _in_words(self.path), self._transaction():
            self._database.executemany(
                f"INSERT OR REPLACE INTO manual VALUES ({_marks(7)})",
                [
                    (
                        one.key.student,
                        one.key.assignment,
                        one.cell,
                        one.key.submission_hash,
                        one.points,
                        one.comment,
                        now,
                    )
                    for one in given
                ],
            )

    def counting(self, assignment: str) -> list[Graded]:
        """Return, for each student, what counts: the submission that was found last, under the checks of that run."""
        return [self._graded(line) for line in self._lines(_CURRENT + " ORDER BY student", assignment)]

    def _graded(self, line: dict[str, Any]) -> Graded:
        key = Key(line["student"], line["assignment"], line["submission_hash"], line["check_hash"])
        rows = [
            Row(
                cell=row["cell"],
                points=row["points"],
                max_points=row["max_points"],
                status=row["status"],
                mistake=row["mistake"],
                seconds=row["seconds"],
                trusting=bool(row["trusting"]),
                detail=json.loads(row["detail"]),
            )
            for row in self._lines(f"SELECT * FROM scores WHERE {_WHERE} ORDER BY position", *key.values)
        ]
        self._add_given(key, rows)
        return Graded(
            key=key,
            name=line["name"],
            lms_id=line["lms_id"],
            submitted_at=line["submitted_at"],
            status=line["status"],
            message=line["message"],
            warnings=json.loads(line["warnings"]),
            not_enforced=json.loads(line["not_enforced"]),
            seconds=line["seconds"],
            rows=rows,
        )

    def _add_given(self, key: Key, rows: list[Row]) -> None:
        query = "SELECT * FROM manual WHERE student = ? AND assignment = ? AND submission_hash = ?"
        given = {line["cell"]: line for line in self._lines(query, *key.values[:3])}
        for row in rows:
            if row.by_hand and (line := given.get(row.cell)):
                row.points, row.detail["comment"] = line["points"], line["comment"]
                row.status = row.status if row.points is None else BY_HAND

    def _lines(self, query: str, *values: str) -> list[dict[str, Any]]:
        with _in_words(self.path):
            cursor = self._database.execute(query, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, line, strict=True)) for line in cursor]


_CURRENT = (
    "SELECT submissions.* FROM submissions JOIN current USING (student, assignment, submission_hash, check_hash) "
    "WHERE assignment = ?"
)
_WHERE = "student = ? AND assignment = ? AND submission_hash = ? AND check_hash = ?"


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _lock(folder: Path) -> int:
    descriptor = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise GradebookError(f"{folder}: another run is grading into this folder") from error
    return descriptor


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite says into an error with the file's name; a full disk is named as such."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        full = "full" in str(error) or getattr(error, "sqlite_errorname", "").startswith(
            ("SQLITE_FULL", "SQLITE_IOERR")
        )
        words = "the disk is full, or cannot be written" if full else "the gradebook cannot be used"
        raise GradebookError(f"{path}: {words} ({error}); what was graded before is safe in it") from error
