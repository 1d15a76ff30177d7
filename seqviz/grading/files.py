"""Write the files beside the gradebook: whole or not at all, under names that stay in their folder."""

import hashlib
import re
import shutil
import unicodedata
from pathlib import Path

_PARTIAL = ".partial"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]')  # the last turn a name around
_MARKED = re.compile("-[0-9a-f]{12}$")
_MAX_CHARACTERS = 55  # of up to four bytes each; a file name may have 255 bytes


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` so that a reader, or a run after a crash, finds the old file or the new one."""
    partial = path.parent / _PARTIAL
    partial.mkdir(parents=True, exist_ok=True)
    draft = partial / path.name
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def remove_partial(folder: Path) -> None:
    """Remove what a killed run was about to write below ``folder``."""
    for partial in [*folder.rglob(_PARTIAL)]:
        shutil.rmtree(partial, ignore_errors=True)


def feedback_file(student: str) -> str:
    """Return where a student's feedback lies, beside the summary of the class."""
    return f"feedback/{safe_name(student)}.html"


def safe_name(student: str) -> str:
    """Return a file name for a student that stays in its folder; letters of any script are kept.

    A name that has to be changed gets a mark of its own, and so does one that looks marked: two students never share a
    file, even if one of them calls themselves what the other one's file is called.
    """
    cleaned = _UNSAFE.sub("_", unicodedata.normalize("NFC", student)).strip(". ")[:_MAX_CHARACTERS] or "_"
    if cleaned == student and not _MARKED.search(student):
        return cleaned
    return f"{cleaned}-{hashlib.sha256(student.encode(errors='surrogatepass')).hexdigest()[:12]}"
