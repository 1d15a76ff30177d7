"""Work out everything a release writes, before anything is written; then write it, or say what differs."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from seqviz.checks.authoring import Exercise, ExerciseError
from seqviz.checks.check_file import load_exercises
from seqviz.checks.comparison import compare
from seqviz.checks.compiled import compile_check, to_files
from seqviz.checks.values import from_bytes

from .errors import ReleaseError
from .notebook import AskedFor, SolutionNotebook, read_solution, shown
from .stub import exercise_notebook
from .verify import faults

SAME_NUMBERS = 1e-9  # another processor rounds the last bits of a product differently …
SHARE = 0.1  # … and is let pass a part of what the check itself lets pass, which may know of float32


def solution_stems(root: Path) -> list[str]:
    """Return the stems of all solution notebooks, in order."""
    return sorted(path.stem for path in (root / "solutions").glob("*.ipynb"))


def released_files(root: Path, stems: Sequence[str]) -> dict[Path, bytes]:
    """Return every file that follows from the solutions named by ``stems``, by its path below ``root``."""
    files: dict[Path, bytes] = {}
    asked_in: dict[str, Path] = {}
    for stem in stems:
        solution = read_solution(root / "solutions" / f"{stem}.ipynb")
        for asked in solution.exercises:
            if asked.name in asked_in:
                raise asked.place.error(f"{asked.name} is already an exercise of {shown(asked_in[asked.name])}")
            asked_in[asked.name] = solution.path
        files[Path("exercises", f"{stem}.ipynb")] = exercise_notebook(solution).encode()
        files |= {Path("exercises", "checks", name): data for name, data in _compiled(root, solution).items()}
    return files


def _compiled(root: Path, solution: SolutionNotebook) -> dict[str, bytes]:
    path = root / "solutions" / "checks" / f"{solution.stem[3:]}.py"
    if not path.is_file():
        raise ReleaseError(f"{shown(solution.path)}: its checks are expected in {shown(path)}")
    try:
        exercises = load_exercises(path)
    except ExerciseError as error:
        raise ReleaseError(str(error)) from error
    unused = exercises.keys() - {asked.name for asked in solution.exercises}
    if unused:
        raise ReleaseError(f"{shown(path)}: {', '.join(sorted(unused))} is no exercise of {shown(solution.path)}")
    files: dict[str, bytes] = {}
    for asked in solution.exercises:
        if asked.name not in exercises:
            raise asked.place.error(f"{shown(path)} has no exercise {asked.name}")
        files |= _compile(path, exercises[asked.name], asked, solution.stem)
    return files


def _compile(path: Path, exercise: Exercise, asked: AskedFor, stem: str) -> dict[str, bytes]:
    try:
        check = compile_check(exercise, asked.points, assignment=stem, number=asked.number)
    except ExerciseError as error:
        raise asked.place.error(f"{shown(path)}: {error}") from error
    except Exception as error:  # the author's `inputs` may raise anything
        raise asked.place.error(f"{shown(path)}: {exercise.name}: {type(error).__name__}: {error}") from error
    found = list(faults(exercise, check))
    if found:
        raise asked.place.error("; ".join(f"{shown(path)}: {exercise.name}: {words}" for words in found))
    return to_files(check)


def differing(root: Path, files: Mapping[Path, bytes], *, whole: bool) -> list[Path]:
    """Return what is missing or differs from ``files``, and, in a whole release, what nothing accounts for."""
    changed = [path for path in files if not _equivalent(root, path, files)]
    return sorted(changed + (_left_over(root, files) if whole else []))


def _left_over(root: Path, files: Mapping[Path, bytes]) -> list[Path]:
    released = root / "exercises"
    kinds = [*released.glob("*.ipynb"), *released.glob("checks/*.json"), *released.glob("checks/*.safetensors")]
    return [path.relative_to(root) for path in kinds if path.relative_to(root) not in files]


def _equivalent(root: Path, path: Path, files: Mapping[Path, bytes]) -> bool:
    data = files[path]
    try:
        stored = (root / path).read_bytes()
    except FileNotFoundError:
        return False
    if stored == data or path.suffix != ".safetensors":
        return stored == data
    tolerance = max(SAME_NUMBERS, SHARE * json.loads(files[path.with_suffix(".json")])["tolerance"])
    try:
        return compare(from_bytes(data), from_bytes(stored), tolerance) is None
    except ValueError:
        return False


def write(root: Path, files: Mapping[Path, bytes], paths: Sequence[Path]) -> None:
    """Write those ``paths`` that are in ``files``, delete the others: each file whole, none before all are ready."""
    prepared: dict[Path, Path] = {}
    try:
        for path in paths:
            if path in files:
                prepared[root / path] = _write_beside(root / path, files[path])
        for target, temporary in prepared.items():
            temporary.replace(target)
    finally:
        for temporary in prepared.values():
            temporary.unlink(missing_ok=True)
    for path in paths:
        if path not in files:
            (root / path).unlink()


def _write_beside(target: Path, data: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)
