"""Copy chapters and exercises into a student's folder, again and again, and never over the student's work."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

RECORD = ".seqviz.json"  # in the student's folder: which version of each file was put there
_PACKAGE = Path(__file__).parents[1]
_KINDS = ("notebooks/*.ipynb", "exercises/*.ipynb", "docs/notation.md")


@dataclass
class Copied:
    """What was done, as paths below the folder."""

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)  # the student had not touched them
    kept: list[str] = field(default_factory=list)  # the student's work stays, though the course has a newer version


def course_folder() -> Path:
    """Return where chapters and exercises are: in the package, or above it where that is not installed but linked."""
    packaged = _PACKAGE / "course"
    return packaged if packaged.is_dir() else _PACKAGE.parent


def copy_course(course: Path, folder: Path) -> Copied:
    """Bring ``folder`` up to date with ``course``, but for what the student changed."""
    given = _read_record(folder)
    copied = Copied()
    for name in _names(course):
        data, target = (course / name).read_bytes(), folder / name
        current, before = fingerprint(name, data), given.get(name)
        theirs = fingerprint(name, target.read_bytes()) if target.is_file() else ""
        if target.exists() and theirs not in (current, before):
            if current != before:
                copied.kept.append(name)
            continue
        given[name] = current
        if theirs != current:
            (copied.updated if target.exists() else copied.new).append(name)
            _write(target, data)
    _write(folder / RECORD, json.dumps(given, indent=1).encode())
    return copied


def fingerprint(name: str, data: bytes) -> str:
    """Return what tells two versions apart. In a notebook: what somebody wrote, not what running it leaves."""
    if name.endswith(".ipynb"):
        try:
            cells = json.loads(data)["cells"]
            data = json.dumps([_written(cell) for cell in cells], sort_keys=True).encode()
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # not a notebook any more; then its bytes
    return hashlib.sha256(data).hexdigest()


def _written(cell: dict) -> list:
    metadata = cell.get("metadata", {})
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    return [cell["cell_type"], text, cell.get("attachments"), metadata.get("tags"), metadata.get("nbgrader")]


def _names(course: Path) -> Iterator[str]:
    for kind in _KINDS:
        for path in sorted(course.glob(kind)):
            yield path.relative_to(course).as_posix()


def _read_record(folder: Path) -> dict[str, str]:
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError):
        return {}  # then every file that differs counts as the student's
    return record if isinstance(record, dict) else {}


def _write(target: Path, data: bytes) -> None:
    """Write the whole file or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
