"""Find what students handed in: a folder, nbgrader's ``submitted/``, bulk downloads of Canvas and Moodle, or a zip.

Where the class lies is decided once, by names that instructor or platform gave; all else student by student, so nothing
that one student hands in changes what becomes of another. Nothing is unpacked and no link is followed, so a hostile
archive can neither write anywhere nor hand in a file of the instructor's. Files are read when their turn comes, up to
a limit.
"""

import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath, PurePosixPath

from seqviz.grading.errors import WrongUseError
from seqviz.grading.several import pack
from seqviz.grading.times import TimeError, parse_time

MAX_BYTES = 64 << 20  # of one notebook
MAX_ENTRIES = 50_000  # of one student
GRADEBOOK = "gradebook.sqlite"
_LISTED = 5
_PATH_BYTES = 4096  # as much as Linux takes; an archive may hold more, and composing it costs its square
_LINK = "a link"
_NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)  # the longer ones are a browser's doing
_JUNK = {"__MACOSX", ".ipynb_checkpoints", ".git"}
_MOODLE = re.compile(r"^(?P<student>.+?)_(?P<id>\d+)_assignsubmission_(file|onlinetext)(_(?P<file>.*))?$")
_CANVAS = re.compile(r"^(?P<student>[^_/]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)$", re.DOTALL)
# What stands beside ``submitted/`` in the folder of an nbgrader course.
_NBGRADERS = {"source", "release", "autograded", "feedback", "solution", "submitted", "exchange", "inbound", "outbound"}


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
    """All that was found: the notebook that counts for each student, who has none and why, and lines to know."""

    found: list[Submission] = field(default_factory=list)
    without: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Entry:
    """A file, by its path below the folder of the class; or one that is passed over, and why."""

    path: PurePosixPath
    time: datetime
    read: Callable[[], bytes]
    problem: str = ""


@dataclass
class _HandedIn:
    """What one student handed in, file by file, or why it cannot be looked through."""

    entries: list[_Entry] = field(default_factory=list)
    problem: str = ""

    def extend(self, entries: Iterator[_Entry]) -> None:
        for entry in entries:
            if len(self.entries) == MAX_ENTRIES:
                self.problem = f"more than {MAX_ENTRIES} files"
                return
            self.entries.append(entry)


def find_submissions(
    place: Path,
    assignment: str,
    *,
    others: Collection[str] = (),
    out: Path | None = None,
    notebooks: Collection[str] = (),
) -> Submissions:
    """Find the submissions of ``assignment`` in a folder or a zip file.

    Args:
        place: the folder of a class, of an nbgrader course, or a bulk download.
        assignment: what is graded.
        others: names of the course's other assignments: a folder so called holds nothing for this one.
        out: the folder of the results, which may lie in ``place`` and is no student.
        notebooks: names of the assignment's notebooks, if not its own; of several, a submission has one each.
    """
    result = Submissions()
    if not place.exists():
        raise SubmissionsError(f"{place}: there is no such folder or file")
    if place.is_dir():
        class_folder = _class_folder(place)
        others = {*others, *_nbgraders_assignments(class_folder.parent)}
        handed_in = _in_folder(class_folder, out, result)
    elif zipfile.is_zipfile(place):
        handed_in = _in_archive(place, assignment, result)
    else:
        raise SubmissionsError(f"{place}: neither a folder nor a zip file")
    for (student, lms_id), own in sorted(handed_in.items()):
        _choose(student, lms_id, own, assignment, {*others} - {assignment}, notebooks, result)
    return result


def _class_folder(place: Path) -> Path:
    """Return the folder whose entries are students: the named one, or ``submitted/`` of an nbgrader course."""
    course = place / "submitted"
    if not course.is_dir() or course.is_symlink():
        return place
    students = [
        path
        for path in place.iterdir()
        if path.name not in _NBGRADERS and not path.name.startswith(".") and (path.is_dir() or _is_notebook(path))
    ]
    return place if students else course


def _nbgraders_assignments(course: Path) -> set[str]:
    folders = [course / name for name in ("source", "release")]
    return {path.name for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_dir()}


# --- a folder ---------------------------------------------------------------------------------------------------------
def _in_folder(top: Path, out: Path | None, result: Submissions) -> dict[tuple[str, str], _HandedIn]:
    handed_in: dict[tuple[str, str], _HandedIn] = {}
    try:
        names = sorted(path.name for path in top.iterdir())
    except OSError as error:
        raise SubmissionsError(f"{top}: cannot be read ({error.strerror})") from error
    for name in names:
        place, path = top / name, PurePosixPath(name)
        if name in _JUNK or (out is not None and out.exists() and place.exists() and place.samefile(out)):
            continue
        if place.is_dir() and not place.is_symlink():
            own = handed_in.setdefault(_owner(path, folder=True), _HandedIn())
            own.extend(_walk(place, path))
            if (place / GRADEBOOK).is_file():
                result.notes.append(f"{_readable(name)}: taken for a student, although a {GRADEBOOK} lies in it")
        else:
            _take_loose(_entry(place, path), handed_in, result)
    return handed_in


def _take_loose(entry: _Entry, handed_in: dict[tuple[str, str], _HandedIn], result: Submissions) -> None:
    """Give a file that lies beside the students' folders to the student whose name it bears."""
    name = entry.path.name
    owner = _owner(entry.path, folder=False)
    if name.startswith("."):
        return
    if entry.problem and (entry.problem == _LINK or _is_notebook(entry.path)):
        result.without[_readable(str(entry.path))] = f"passed over: {entry.problem}"
    elif owner[1] or _is_notebook(entry.path):
        handed_in.setdefault(owner, _HandedIn()).extend(iter([entry]))
    elif ".ipynb" in name.lower():
        result.without[_readable(name)] = "passed over: not a notebook by its name"


def _walk(folder: Path, path: PurePosixPath) -> Iterator[_Entry]:
    """Go through one student's folder."""
    waiting = [(folder, path)]
    while waiting:
        folder, path = waiting.pop()
        try:
            found = sorted(os.scandir(folder), key=lambda one: one.name)
        except OSError as error:  # closed, or a path longer than the system allows
            yield _Entry(path, datetime.now(UTC), bytes, f"cannot be read ({error.strerror})")
            continue
        for one in found:
            if one.name.startswith(".") or one.name in _JUNK:
                continue
            if one.is_dir(follow_symlinks=False):
                waiting.append((Path(one.path), path / one.name))
            else:
                yield _entry(Path(one.path), path / one.name)


def _entry(file: Path, path: PurePosixPath) -> _Entry:
    try:
        information = file.lstat()
    except OSError as error:
        return _Entry(path, datetime.now(UTC), bytes, f"cannot be read ({error.strerror})")
    try:
        time = datetime.fromtimestamp(information.st_mtime, UTC)
    except (ValueError, OverflowError):
        time = datetime.fromtimestamp(0, UTC)
    link = stat.S_ISLNK(information.st_mode)
    problem = _LINK if link else "" if stat.S_ISREG(information.st_mode) else "not an ordinary file"
    return _Entry(path, time, lambda: _read_file(file), problem)


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


# --- an archive -------------------------------------------------------------------------------------------------------
def _in_archive(file: Path, assignment: str, result: Submissions) -> dict[tuple[str, str], _HandedIn]:
    try:
        with zipfile.ZipFile(file) as archive:
            listed = archive.infolist()
    except Exception as error:  # a damaged archive makes zipfile fail in many ways
        raise SubmissionsError(f"{file}: not a zip file that can be read: {error}") from error
    entries: list[tuple[PurePosixPath, zipfile.ZipInfo]] = []
    for one in listed:
        path = PurePosixPath(one.filename.replace("\\", "/"))
        if len(str(path).encode(errors="replace")) > _PATH_BYTES:
            result.without[f"{_readable(str(path)[:80])}…"] = "passed over: a longer path than the system takes"
        elif path.is_absolute() or ".." in path.parts:
            result.notes.append(f"{_readable(str(path))}: passed over: a path that leaves the archive")
        elif path.parts and not _JUNK & {*path.parts}:
            entries.append((path, one))
    top = _wrapping([path for path, one in entries if not one.is_dir()], assignment)
    if top:
        around = "/".join(entries[0][0].parts[:top])
        result.notes.append(f"{_readable(around)}: taken for the folder of the class, since everything lies in it")
    handed_in: dict[tuple[str, str], _HandedIn] = {}
    for path, one in entries:
        inside = PurePosixPath(*path.parts[top:])
        link = stat.S_ISLNK(one.external_attr >> 16)
        entry = _Entry(path, _zip_time(one), lambda one=one: _read_zipped(file, one), _LINK if link else "")
        if one.is_dir() and inside.parts:
            handed_in.setdefault(_owner(inside, folder=True), _HandedIn())
        elif len(inside.parts) == 1:
            _take_loose(replace(entry, path=inside), handed_in, result)
        elif inside.parts:
            own = handed_in.setdefault(_owner(inside, folder=True), _HandedIn())
            hidden = any(part.startswith(".") for part in inside.parts[1:])
            own.extend(iter([] if hidden else [replace(entry, path=inside)]))
    return handed_in


def _wrapping(files: list[PurePosixPath], assignment: str) -> int:
    """Count the folders that somebody packed the whole class in; platforms make none, and one student's are theirs."""
    for count in range(max((len(path.parts) for path in files), default=0)):
        here = [path.parts[count:] for path in files if len(path.parts) > count]
        students = {next(iter(parts)) for parts in here if len(parts) > 1 or _is_notebook(PurePosixPath(*parts))}
        below = {PurePosixPath(parts[1]) for parts in here if len(parts) > 1}
        if len(students) > 1 or any(map(_MOODLE.match, students)) or any(_is_named(one, assignment) for one in below):
            return count
    return 0


def _is_named(path: PurePosixPath, assignment: str) -> bool:
    return path.name == assignment or (_is_notebook(path) and re.sub(r" \(\d+\)$", "", _stem(path)) == assignment)


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


# --- one student ------------------------------------------------------------------------------------------------------
def _owner(path: PurePosixPath, *, folder: bool) -> tuple[str, str]:
    """Say whose this is: name, and number in the learning platform, if the name it was given there shows one.

    Only what platform or instructor has named is asked: a student names the files inside, and could name another.
    """
    top = path.parts[0]
    if match := _MOODLE.match(top) or (None if folder else _CANVAS.match(top)):
        return _readable(f"{match['student']}_{match['id']}"), match["id"]
    return _readable(top if folder else _stem(path)), ""


def _is_notebook(path: PurePath) -> bool:
    return bool(_NOTEBOOK.search(path.name))


def _stem(path: PurePath) -> str:
    return _NOTEBOOK.sub("", path.name) if _is_notebook(path) else path.stem


def _readable(name: str) -> str:
    """Return a file's name as text: composed letters, and what is no UTF-8 as numbers, so that names stay apart."""
    return unicodedata.normalize("NFC", name.encode(errors="backslashreplace").decode())


def _choose(
    student: str,
    lms_id: str,
    own: _HandedIn,
    assignment: str,
    others: Collection[str],
    names: Collection[str],
    result: Submissions,
) -> None:
    """Of several files choose the notebook in the assignment's folder, then named like it, then the latest."""
    sound = [entry for entry in own.entries if not entry.problem]
    notebooks = [entry for entry in sound if _is_notebook(entry.path)]
    for entry in own.entries:
        if entry.problem:
            result.notes.append(f"{_readable(str(entry.path))}: passed over: {entry.problem}")
    if own.problem:
        result.notes.append(f"{student}: {own.problem}; the others were not looked at")
    inside = [entry for entry in notebooks if _folder(entry) == assignment]
    candidates = inside or [entry for entry in notebooks if _folder(entry) not in others]
    if not candidates:
        if notebooks or not student.startswith("."):  # a hidden folder without a notebook is no student
            result.without[student] = _nothing(own.entries, notebooks, assignment)
        return
    if len(names) > 1:
        _choose_several(student, lms_id, sound, candidates, names, result)
        return
    named = [entry for entry in candidates if _own_names(entry) & {*names}] or candidates
    named = [entry for entry in named if assignment in entry.path.name] or named
    chosen = max(named, key=lambda entry: (entry.time, str(entry.path)))
    if elsewhere := len(notebooks) - len(candidates):
        result.notes.append(f"{student}: {elsewhere} notebooks of other assignments were passed over")
    if len(candidates) > 1:
        rest = [_readable(str(entry.path)) for entry in candidates if entry is not chosen]
        more = f" and {len(rest) - _LISTED} more" if len(rest) > _LISTED else ""
        result.notes.append(
            f"{student}: {len(candidates)} notebooks; {_readable(str(chosen.path))} counts, the latest, and not "
            f"{', '.join(rest[:_LISTED])}{more}"
        )
    time = _timestamp(student, lms_id, sound, chosen, result)
    result.found.append(Submission(student, _readable(str(chosen.path)), time, chosen.read, lms_id))


def _choose_several(
    student: str,
    lms_id: str,
    sound: list[_Entry],
    candidates: list[_Entry],
    names: Collection[str],
    result: Submissions,
) -> None:
    """Take the latest notebook of each name: of its very name, else one that has it in its own, the longest first."""
    chosen: dict[str, _Entry] = {}
    left = sorted(candidates, key=lambda entry: (entry.time, str(entry.path)), reverse=True)
    for is_it in (lambda entry, name: name in _own_names(entry), lambda entry, name: name in entry.path.name):
        for name in sorted(names, key=len, reverse=True):
            found = [entry for entry in left if is_it(entry, name)]
            if found:
                left = [entry for entry in left if entry not in found]
                chosen.setdefault(name, found[0])
    if not chosen:
        words = _readable(candidates[0].path.name)
        result.without[student] = f"no notebook called {' or '.join(sorted(names))} ({words})"
        return
    passed_over = [entry for entry in candidates if entry not in chosen.values()]
    if passed_over:
        files = ", ".join(_readable(str(entry.path)) for entry in passed_over[:_LISTED])
        result.notes.append(f"{student}: {len(passed_over)} notebooks do not count: {files}")
    read = {name: entry.read for name, entry in chosen.items()}
    times = [_timestamp(student, lms_id, sound, entry, result) for entry in chosen.values()]
    shown = ", ".join(_readable(str(entry.path)) for entry in chosen.values())
    result.found.append(
        Submission(student, shown, max(times), lambda: pack({name: one() for name, one in read.items()}), lms_id)
    )


def _own_names(entry: _Entry) -> set[str]:
    """Return the name that the student's file had: without what the platform put before it, or a browser after it."""
    loose = _CANVAS.match(entry.path.name) if len(entry.path.parts) == 1 else None
    name = _stem(PurePosixPath(loose["file"] if loose else entry.path.name))
    return {name, re.sub(r"(-\d+| \(\d+\))$", "", name)}


def _folder(entry: _Entry) -> str:
    """Return the folder's name in student/folder/notebook, as nbgrader lays it out."""
    return entry.path.parts[1] if len(entry.path.parts) > 2 else ""


def _nothing(entries: list[_Entry], notebooks: list[_Entry], assignment: str) -> str:
    if notebooks:
        return f"nothing for {assignment} among what was handed in ({_readable(_folder(notebooks[0]))})"
    if entries and entries[0].problem:
        return entries[0].problem
    words = _readable(entries[0].path.name) if entries else "an empty folder"
    return f"no notebook among what was handed in ({words})"


def _timestamp(student: str, lms_id: str, entries: list[_Entry], chosen: _Entry, result: Submissions) -> datetime:
    """Read nbgrader's ``timestamp.txt``, which counts more than the time of a file that was copied about.

    Among what was uploaded to a platform it would be the student's own.
    """
    for entry in entries if not lms_id else []:
        if entry.path == chosen.path.parent / "timestamp.txt":
            try:
                return parse_time(entry.read()[:100].decode(), default=UTC)
            except (UnreadableError, UnicodeDecodeError, TimeError) as error:
                words = _readable(str(entry.path))
                result.notes.append(f"{student}: {words}: {error}; the time of the file counts instead")
    return chosen.time
