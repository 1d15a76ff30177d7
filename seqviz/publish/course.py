"""Where the instructor's course is. Quick to import: a grader looks for it before it loads torch."""

from pathlib import Path

from seqviz.publish.errors import ReleaseError


def find_root(start: Path) -> Path:
    """Return the folder at or above ``start`` that holds ``solutions/``."""
    for folder in (start, *start.parents):
        if (folder / "solutions").is_dir():
            return folder
    raise ReleaseError(f"{start}: no folder solutions/ here or above")
