"""Find what has to be covered so that a sandbox which shows some folders shows nothing of others that lie in them."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from seqviz.grading.errors import WrongUseError


class VisibleError(WrongUseError):
    """Something that must stay hidden cannot be; the message says what."""


def secrets_of(course: Path) -> list[Path]:
    """Return the folder of a course, and where links lead by which its solutions are kept elsewhere."""
    solutions = course / "solutions"
    links = [path for path in (solutions, *solutions.rglob("*")) if path.is_symlink() and path.exists()]
    return [course, *(link for link in links if not link.resolve().is_relative_to(course.resolve()))]


def covers(secret: Iterable[Path], visible: Iterable[str]) -> list[str]:
    """Return the places to cover: every name under which a ``secret`` file or folder is seen in a ``visible`` one.

    Raises:
        VisibleError: a secret place is one that kernels need, or does not exist yet in one that they see.
    """
    shown = {place: os.path.realpath(place) for place in visible}
    found: set[str] = set()
    for place in secret:
        real = os.path.realpath(place)
        if real in shown.values():
            raise VisibleError(f"{place}: kernels need this folder to run, so nothing in it can be hidden from them")
        names = {
            f"{seen}{name.removeprefix(source)}"
            for name in {real, *_other_names(real)}
            for seen, source in shown.items()
            if _is_inside(name, source)
        }
        if names and not Path(real).exists():
            raise VisibleError(f"{place}: kernels see the folder around it; make it before, so that it can be hidden")
        found |= names - shown.keys()
    return sorted(found)


def _is_inside(place: str, folder: str) -> bool:
    return place == folder or place.startswith(f"{folder.rstrip('/')}/")


@dataclass(frozen=True)
class _Mount:
    device: str
    root: str  # the folder of the device
    point: str  # where it is seen


def _mounts() -> list[_Mount]:
    lines = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return [_Mount(words[2], _unescaped(words[3]), _unescaped(words[4])) for words in lines]


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _joined(folder: str, rest: str) -> str:
    return str(Path(folder, rest.lstrip("/")))


def _other_names(real: str) -> set[str]:
    """Return the names that bind mounts give to ``real``, or to parts of it."""
    mounts = _mounts()
    own = max((one for one in mounts if _is_inside(real, one.point)), key=lambda one: len(one.point))
    inside = _joined(own.root, real[len(own.point) :])
    names = set()
    for one in mounts:
        if one.device == own.device and _is_inside(inside, one.root):
            names.add(_joined(one.point, inside[len(one.root) :]))
        elif one.device == own.device and _is_inside(one.root, inside):
            names.add(one.point)
    return {name for name in names if Path(name).exists()}
