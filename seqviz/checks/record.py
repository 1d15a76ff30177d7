"""What passes so far: one line per check in a file of the user's data folder, which survives restarts and crashes.

Lines are only appended, so two notebooks can write at once, and a line cut short by a crash is passed over. A folder
that cannot be written or read is no error: nothing here may spoil a check.
"""

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from .compiled import installed_exercises
from .markup import Part, as_text, page
from .report import Report

_MOST_POINTS = 1_000_000  # beyond, it is no record of ours


def progress_file() -> Path:
    """Return the file of the record, in the user's data folder or in SEQVIZ_DATA_DIR; nowhere if that is empty."""
    folder = os.environ.get("SEQVIZ_DATA_DIR", platformdirs.user_data_dir("seqviz"))
    return Path(folder, "progress.jsonl") if folder else Path(os.devnull)


def remember(report: Report) -> None:
    """Append the result of one check."""
    line = {
        "exercise": report.name,
        "assignment": report.assignment,
        "points": report.points,
        "max_points": report.max_points,
        "passed": report.passed,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    try:
        path = progress_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            torn = "" if _ends_whole(path) else "\n"
            file.write(f"{torn}{json.dumps(line)}\n")
    except OSError:
        pass  # read-only homes exist; the verdict on the function matters more


def _ends_whole(path: Path) -> bool:
    """Whether the next line can follow: a crash may have cut the last one short."""
    with path.open("rb") as file:
        return file.seek(0, os.SEEK_END) == 0 or (file.seek(-1, os.SEEK_END) >= 0 and file.read() == b"\n")


@dataclass(frozen=True)
class Entry:
    """One exercise: the assignment it belongs to, and the latest result, if it was checked at all."""

    assignment: str
    exercise: str
    max_points: float
    points: float | None
    passed: bool
    when: str

    @property
    def words(self) -> str:
        """The state in words."""
        if self.points is None:
            return "not checked yet"
        return "passes" if self.passed else f"{self.points:g} of {self.max_points:g} points so far"


@dataclass(frozen=True)
class Progress:
    """Every exercise there is, in the order of the chapters, each with its latest result."""

    entries: tuple[Entry, ...]

    @classmethod
    def read(cls) -> "Progress":
        """Join the record with the exercises that are installed."""
        latest = _latest()
        return cls(tuple(_entry(words, latest.get(words["name"], {})) for words in installed_exercises()))

    @property
    def headline(self) -> str:
        """How many exercises pass."""
        return f"{sum(entry.passed for entry in self.entries)} of {len(self.entries)} exercises pass"

    @property
    def ahead(self) -> Part:
        """What comes next: the first exercise that does not pass yet."""
        following = next((entry for entry in self.entries if not entry.passed), None)
        if following is None:
            return Part("You have done them all")
        begun = any(entry.passed for entry in self.entries)
        title = f"{'Go on' if begun else 'Begin'} with {following.exercise} in {following.assignment}"
        return Part(title, link=_notebook(following.assignment))

    def __str__(self) -> str:
        return "\n".join([self.headline, *(as_text(part) for part in self._parts())])

    __repr__ = __str__

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        good = True if all(entry.passed for entry in self.entries) else None
        return {"text/plain": str(self), "text/html": page(self.headline, self._parts(), good=good, label="progress")}

    def _parts(self) -> list[Part]:
        chapters = dict.fromkeys(entry.assignment for entry in self.entries)
        rows = {
            chapter: tuple((one.exercise, one.words) for one in self.entries if one.assignment == chapter)
            for chapter in chapters
        }
        return [self.ahead, *(Part(chapter, rows=rows[chapter], link=_notebook(chapter)) for chapter in chapters)]


def _notebook(assignment: str) -> str:
    """Return where an assignment's notebook is, seen from the notebook that asks; nothing if it is not found."""
    for folder in (".", "../exercises", "exercises"):
        if Path(folder, f"{assignment}.ipynb").is_file() and Path(folder).resolve().name == "exercises":
            return f"{folder}/{assignment}.ipynb"
    return ""


def _entry(words: dict[str, Any], line: dict[str, Any]) -> Entry:
    return Entry(
        assignment=words["assignment"],
        exercise=words["name"],
        max_points=float(words["points"]),
        points=line.get("points"),
        passed=bool(line.get("passed")),
        when=line.get("when", ""),
    )


def _latest() -> dict[str, dict[str, Any]]:
    """Return the last whole line of every exercise."""
    latest = {}
    try:
        text = progress_file().read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    for line in text.split("\n"):
        with contextlib.suppress(ValueError, RecursionError):
            match json.loads(line):
                case {
                    "exercise": str(name),
                    "points": int() | float() as points,
                    "passed": bool(),
                    "when": str(),
                } as result:
                    if 0 <= points < _MOST_POINTS:  # no NaN either
                        latest[name] = result
    return latest
