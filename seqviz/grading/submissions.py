"""Find what students handed in: a folder, nbgrader's ``submitted/``, bulk downloads of Canvas and Moodle, or a zip.

Nothing is unpacked and no link is followed, so a hostile archive can neither write anywhere nor hand in a file of the
instructor's. Files are read when their turn comes, up to a limit.
"""

import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from seqviz.grading.errors import WrongUseError

MAX_BYTES = 64 << 20  # of one notebook
MAX_ENTRIES = 50_000  # of one archive or folder
GRADEBOOK = "gradebook.sqlite"
_SKIPPED = re.compile(r"(^|/)(\.|__MACOSX(/|$))")
_MOODLE = re.compile(r"^(?P<student>.+?)_(?P<id>\d+)_assignsubmission_(file|onlinetext)(_(?P<file>.*))?$")
_CANVAS = re.compile(r"^(?P<student>[^_/]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)$", re.DOTALL)


class SubmissionsError(WrongUseError):
    """The place that was named holds no submissions; the message says why."""


class UnreadableError(ValueError):
    """One submission cannot be read; the message says why."""


@dataclass(frozen=True)
class Submission:
    """One student's notebook: where it came from, when, and how to read it."""

    student: str
    name: str
    submitted_at: datetime
    read: Callable[[], bytes] = field(compare=False)
    lms_id: str = ""


@dataclass
class Submissions:
    """All that was found: the notebook that counts for each student, and lines about what was passed over."""

    found: list[Submission] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Entry:
    path: PurePosixPath
    time: datetime
    read: Callable[[], bytes]
    problem: str = ""


def find_submissions(place: Path, assignment: str) -> Submissions:
    """Find the submissions of ``assignment`` in a folder or a zip file."""
    if not place.exists():
        raise SubmissionsError(f"{place}: there is no such folder or file")
    if place.is_dir():
        course = place / "submitted"  # the folder of an nbgrader course: the other folders hold the instructor's files
        entries = _walk(course if course.is_dir() and not course.is_symlink() else place)
    elif zipfile.is_zipfile(place):
        entries = _archive(place)
    else:
        raise SubmissionsError(f"{place}: neither a folder nor a zip file")
    result = Submissions()
    handed_in: list[_Entry] = []
    stamps: dict[PurePosixPath, datetime] = {}
    for count, entry in enumerate(entries):
        if count >= MAX_ENTRIES:
            raise SubmissionsError(f"{place}: more than {MAX_ENTRIES} files")
        if entry.problem:
            result.notes.append(f"{_readable(str(entry.path))}: passed over: {entry.problem}")
        elif entry.path.name == "timestamp.txt":
            stamps |= _timestamp(entry)
        else:
            handed_in.append(entry)
    for (student, lms_id), own in sorted(_by_student(handed_in, assignment, result.notes).items()):
        chosen = _choose(student, own, assignment, result.notes)
        if chosen is not None:
            time = stamps.get(chosen.path.parent, chosen.time)
            result.found.append(Submission(student, _readable(str(chosen.path)), time, chosen.read, lms_id))
    return result


def _by_student(entries: list[_Entry], assignment: str, notes: list[str]) -> dict[tuple[str, str], list[_Entry]]:
    """Sort files by whose they are: a student's name, and number in the learning platform."""
    top = _folders_of_all([entry.path.parts for entry in entries if _is_notebook(entry.path)], assignment)
    inside = {entry.path: PurePosixPath(*(entry.path.parts[top:] or entry.path.parts[-1:])) for entry in entries}
    by_assignment = any(_is_nbgraders(path, assignment) and not _of_moodle(path) for path in inside.values())
    by_student: dict[tuple[str, str], list[_Entry]] = {}
    others = 0
    for entry in entries:
        path = inside[entry.path]
        owner = _owner(path)
        if by_assignment and len(path.parts) > 2 and not (_is_nbgraders(path, assignment) or _of_moodle(path)):
            others += _is_notebook(path)
        elif owner is not None:
            by_student.setdefault((_readable(owner[0]), owner[1]), []).append(entry)
        elif ".ipynb" in path.name.lower():
            notes.append(f"{_readable(str(entry.path))}: passed over: not a notebook by its name")
    if others:
        notes.append(f"{others} notebooks of other assignments were passed over")
    return by_student


def _folders_of_all(paths: list[tuple[str, ...]], assignment: str) -> int:
    """Count the folders around a whole class, as an archive of a folder has them."""
    count = 0
    while len(heads := {path[count : count + 1] for path in paths}) == 1:
        below = {path[count + 1] for path in paths if len(path) > count + 1}
        deep = all(len(path) > count + 2 for path in paths) and assignment not in below
        from_platform = all(len(path) > count + 1 for path in paths) and all(
            _MOODLE.match(name) or _CANVAS.match(name) for name in below
        )
        if not (deep or from_platform):
            break
        count += 1
    return count if len(heads) > 1 else 0  # one student's folders are theirs


def _is_notebook(path: PurePosixPath) -> bool:
    return path.suffix.lower() == ".ipynb"


def _readable(name: str) -> str:
    """Return a file's name as text: composed letters, and what is no UTF-8 as numbers, so that names stay apart."""
    return unicodedata.normalize("NFC", name.encode(errors="backslashreplace").decode())


def _walk(top: Path) -> Iterator[_Entry]:
    for folder, folders, files in os.walk(top, followlinks=False):
        here = PurePosixPath(Path(folder).relative_to(top).as_posix())
        for name in sorted(folders):
            if (Path(folder) / name).is_symlink():
                yield _Entry(here / name, datetime.now(UTC), bytes, "a link")
        if GRADEBOOK in files:  # results of an earlier run: the notebooks in there are no submissions
            folders[:] = []
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path, file = here / name, Path(folder) / name
            if _SKIPPED.search(str(path)):
                continue
            information = file.lstat()
            try:
                time = datetime.fromtimestamp(information.st_mtime, UTC)
            except (ValueError, OverflowError):
                time = datetime.fromtimestamp(0, UTC)
            problem = "" if stat.S_ISREG(information.st_mode) else "not an ordinary file"
            yield _Entry(path, time, lambda file=file: _read_file(file), problem)


def _read_file(file: Path) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as opened:
        return _limited(opened.read(MAX_BYTES + 1))


def _limited(blob: bytes) -> bytes:
    if len(blob) > MAX_BYTES:
        raise UnreadableError(f"larger than {MAX_BYTES >> 20} MB")
    return blob


def _archive(file: Path) -> Iterator[_Entry]:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except Exception as error:  # a damaged archive makes zipfile fail in many ways
        raise SubmissionsError(f"{file}: not a zip file that can be read: {error}") from error
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if entry.filename.endswith("/") or (_SKIPPED.search(str(path)) and ".." not in path.parts):
            continue
        problem = "a path that leaves the archive" if path.is_absolute() or ".." in path.parts else ""
        if stat.S_ISLNK(entry.external_attr >> 16):
            problem = "a link"
        yield _Entry(path, _zip_time(entry), lambda entry=entry: _read_zipped(file, entry), problem)


def _zip_time(entry: zipfile.ZipInfo) -> datetime:
    try:
        return datetime(*entry.date_time).astimezone(UTC)  # an archive knows local time only
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)


def _read_zipped(file: Path, entry: zipfile.ZipInfo) -> bytes:
    try:
        with zipfile.ZipFile(file) as archive, archive.open(entry) as opened:
            return _limited(opened.read(MAX_BYTES + 1))  # the size an archive claims may be a lie
    except UnreadableError:
        raise
    except Exception as error:  # and so does each of its ways to pack
        raise UnreadableError(f"cannot be unpacked: {error}") from error


def _timestamp(entry: _Entry) -> dict[PurePosixPath, datetime]:
    """Read nbgrader's ``timestamp.txt``, which counts more than the time of a file that was copied about."""
    try:
        text = entry.read()[:100].decode().strip().removesuffix("UTC").strip()
        time = datetime.fromisoformat(text)
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (UnreadableError, UnicodeDecodeError, ValueError, OverflowError):
        return {}
    return {entry.path.parent: time}


def _owner(path: PurePosixPath) -> tuple[str, str] | None:
    """Say whose file this is: name, and number in the learning platform, if the name it was given there shows one.

    Only what platform or instructor has named is asked: a student names the files inside, and could name another.
    """
    top = path.parts[0]
    if match := _MOODLE.match(top) or (_CANVAS.match(top) if len(path.parts) == 1 else None):
        return f"{match['student']}_{match['id']}", match["id"]
    if len(path.parts) > 1:
        return top, ""
    return (path.stem, "") if _is_notebook(path) else None


def _of_moodle(path: PurePosixPath) -> bool:
    return _MOODLE.match(path.parts[0]) is not None


def _is_nbgraders(path: PurePosixPath, assignment: str) -> bool:
    return len(path.parts) > 2 and path.parts[1] == assignment  # student/assignment/notebook


def _choose(student: str, entries: list[_Entry], assignment: str, notes: list[str]) -> _Entry | None:
    """Of several files choose the notebook named like the assignment, then the latest."""
    notebooks = [entry for entry in entries if _is_notebook(entry.path)]
    if not notebooks:
        notes.append(f"{student}: no notebook among what was handed in ({_readable(entries[0].path.name)})")
        return None
    named = [entry for entry in notebooks if assignment in entry.path.name] or notebooks
    chosen = max(named, key=lambda entry: (entry.time, str(entry.path)))
    if len(notebooks) > 1:
        others = ", ".join(_readable(str(entry.path)) for entry in notebooks if entry is not chosen)
        notes.append(
            f"{student}: {len(notebooks)} notebooks; {_readable(str(chosen.path))} counts, the latest, and not {others}"
        )
    return chosen
