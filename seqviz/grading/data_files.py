"""The files that lie beside a source notebook: kernels have copies of them in their working folder, read-only."""

import hashlib
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from seqviz.grading.errors import WrongUseError

_NO_DATA = {".ipynb", ".sqlite", ".db", ".zip", ".pyc"}  # notebooks, gradebooks, bulk downloads
_NO_FOLDERS = {"__pycache__", "__MACOSX"}


def files_of(folder: Path, secret: Collection[Path]) -> dict[str, Path]:
    """Return all files of a folder that was named for this, by their names below it.

    Raises:
        WrongUseError: there is no such folder, or something ``secret`` lies in it.
    """
    if not folder.is_dir():
        raise WrongUseError(f"{folder}: there is no such folder of files")
    if inside := [place for place in secret if place.resolve().is_relative_to(folder.resolve())]:
        raise WrongUseError(f"{folder}: students would see {inside[0]}, which lies in it")
    return {str(path.relative_to(folder)): path for path in _files(folder)}


def files_beside(source: Path, secret: Collection[Path]) -> dict[str, Path]:
    """Return the files beside a source notebook that students have too, by their names.

    In nbgrader's layout (``source/<assignment>/``) these are all but notebooks, folders included; elsewhere anything
    may lie around, so folders are passed over, and so is what is ``secret``.
    """
    folder = source.resolve() if source.is_dir() else source.resolve().parent
    hidden = {place.resolve() for place in secret}
    return {
        str(path.relative_to(folder)): path
        for path in _files(folder, deep=folder.parent.name == "source")
        if path.suffix.lower() not in _NO_DATA
        and not hidden & {path, path.resolve(), *path.parents[: -len(folder.parents)]}
    }


def _files(folder: Path, *, deep: bool = True) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_file():
            yield path
        elif deep and path.is_dir() and not path.is_symlink() and path.name not in _NO_FOLDERS:
            yield from _files(path)


def copy_files(files: Mapping[str, Path], folder: Path) -> None:
    """Copy files into a new folder that every user may read.

    Raises:
        WrongUseError: one of them cannot be read or copied.
    """
    folder.mkdir(mode=0o755)
    for name, path in files.items():
        copy = folder / name
        copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, copy)
        except OSError as error:
            raise WrongUseError(f"{path}: cannot be copied for the kernels ({error.strerror})") from error
        copy.chmod(0o644)


def hash_of(files: Mapping[str, Path]) -> str:
    """Return a hash of the names and contents of files; nothing for none.

    Raises:
        WrongUseError: one of them cannot be read.
    """
    digest = hashlib.sha256()
    for name, path in files.items():
        try:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").digest()
        except OSError as error:
            raise WrongUseError(f"{path}: cannot be read for the kernels ({error.strerror})") from error
        digest.update(hashlib.sha256(name.encode(errors="surrogateescape")).digest() + content)
    return digest.hexdigest() if files else ""
