"""The student bundle: exercises with their compiled checks, chapters, and the package with what installs it."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .errors import ReleaseError

# Named one by one, so that a new folder of the project never reaches students by itself.
_FOLDERS = ("notebooks", "seqviz")
_FILES = ("pyproject.toml", "constraints.txt", "environment.yml", "Makefile", "LICENSE", "start.py", "docs/notation.md")
_README = Path(__file__).with_name("student_readme.md")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "node_modules", "public")


def write_bundle(root: Path, files: Mapping[Path, bytes], folder: Path) -> None:
    """Write the bundle with the released ``files`` into ``folder``, new or empty: all of it or nothing."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ReleaseError(f"{folder}: the student bundle needs a new or an empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
        made = Path(temporary, "bundle")
        _fill(root, files, made)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)


def _fill(root: Path, files: Mapping[Path, bytes], made: Path) -> None:
    for name in _FOLDERS:
        if (root / name).is_dir():
            shutil.copytree(root / name, made / name, ignore=_LEFT_OUT)
    for name in _FILES:
        if (root / name).is_file():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, made / name)
    for path, data in files.items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_bytes(data)
    shutil.copy(_README, made / "README.md")
