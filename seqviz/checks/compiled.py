"""A compiled check: an exercise as data, with no reference and no mistake's source in it.

Two files beside the exercise hold it: ``<name>.json`` (what is asked, the hints) and ``<name>.safetensors`` (inputs,
expected outputs, and what each known mistake would return).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .authoring import Case, Exercise, ExerciseError, draw_cases
from .calling import NOT_CALLED, TIME_LIMIT, call_all
from .comparison import Output
from .values import Raised, Unsupported, from_bytes, to_bytes

PUBLIC_SEED = 20_26
_PACKAGE_COPY = Path(__file__).parent / "public"  # in a wheel; pyproject.toml puts exercises/checks there
_CHECKOUT_COPY = Path(__file__).parents[2] / "exercises" / "checks"


@dataclass(frozen=True)
class KnownMistake:
    """A mistake's name and hint, and what it returns for every case."""

    name: str
    hint: str
    answers: tuple[Any, ...]


@dataclass(frozen=True)
class Check:
    """All that is needed to judge a student's function."""

    name: str
    summary: str
    assignment: str  # stem of the notebook
    number: str  # "02.3": chapter, and place in the notebook
    points: float
    groups: Mapping[str, float]
    forbid: tuple[str, ...]
    tolerance: float
    seconds: float
    driver: str
    outputs: tuple[Output, ...]
    cases: tuple[Case, ...]
    expected: tuple[Any, ...]
    mistakes: tuple[KnownMistake, ...]

    def driven(self, student: Any) -> Callable[..., Any]:
        """Return what is called with the arguments: the student's function, or the driver with it in hand."""
        if not self.driver:
            return student
        names: dict[str, Any] = {}
        exec(compile(self.driver, f"<driver of {self.name}>", "exec"), names)
        return lambda *arguments: names["drive"](student, *arguments)


def compile_check(
    exercise: Exercise, points: float, *, assignment: str = "", number: str = "", seed: int = PUBLIC_SEED
) -> Check:
    """Draw the cases from ``seed``, run reference and mistakes on them, and keep only what they return."""
    cases = tuple(draw_cases(exercise, seed))
    answers = {"reference": _answers(exercise, exercise.reference, cases)}
    for value in answers["reference"]:
        if isinstance(value, Unsupported) or (isinstance(value, Raised) and value.kind in (TIME_LIMIT, NOT_CALLED)):
            raise ExerciseError(f"{exercise.name}: the reference gives no answer: {value}")
    return Check(
        name=exercise.name,
        summary=exercise.summary,
        assignment=assignment,
        number=number,
        points=points,
        groups=exercise.groups,
        forbid=exercise.forbid,
        tolerance=exercise.tolerance,
        seconds=exercise.seconds,
        driver=exercise.driver,
        outputs=exercise.outputs,
        cases=cases,
        expected=answers["reference"],
        mistakes=tuple(
            KnownMistake(known.name, known.hint, _answers(exercise, known.function, cases))
            for known in exercise.mistakes
        ),
    )


def _answers(exercise: Exercise, function: Callable[..., Any], cases: tuple[Case, ...]) -> tuple[Any, ...]:
    drive = exercise.drive
    called = function if drive is None else lambda *arguments: drive(function, *arguments)
    outcomes = call_all(called, [case.arguments for case in cases], exercise.seconds)
    return tuple(outcome.value for outcome in outcomes)


def to_files(check: Check) -> dict[str, bytes]:
    """Return the two files of ``check`` by name."""
    words = {
        "name": check.name,
        "summary": check.summary,
        "assignment": check.assignment,
        "number": check.number,
        "points": check.points,
        "groups": dict(check.groups),
        "returns": [f"{output.name}: {' '.join(output.axes)}" for output in check.outputs],
        "forbid": list(check.forbid),
        "tolerance": check.tolerance,
        "seconds": check.seconds,
        "driver": check.driver,
        "mistakes": [{"name": known.name, "hint": known.hint} for known in check.mistakes],
    }
    numbers = {
        "cases": [{"group": case.group, "arguments": case.arguments} for case in check.cases],
        "expected": list(check.expected),
        "mistakes": [list(known.answers) for known in check.mistakes],
    }
    text = json.dumps(words, indent=1, ensure_ascii=False) + "\n"
    return {f"{check.name}.json": text.encode(), f"{check.name}.safetensors": to_bytes(numbers)}


def from_files(words_file: bytes, numbers_file: bytes) -> Check:
    """Read a check from its two files."""
    words, numbers = json.loads(words_file), from_bytes(numbers_file)
    return Check(
        name=words["name"],
        summary=words["summary"],
        assignment=words["assignment"],
        number=words["number"],
        points=words["points"],
        groups=words["groups"],
        forbid=tuple(words["forbid"]),
        tolerance=words["tolerance"],
        seconds=words["seconds"],
        driver=words["driver"],
        outputs=tuple(Output.parse(text) for text in words["returns"]),
        cases=tuple(Case(case["group"], case["arguments"]) for case in numbers["cases"]),
        expected=tuple(numbers["expected"]),
        mistakes=tuple(
            KnownMistake(known["name"], known["hint"], tuple(answers))
            for known, answers in zip(words["mistakes"], numbers["mistakes"], strict=True)
        ),
    )


def check_folders(start: Path | None = None) -> list[Path]:
    """Return the folders to look into: ``checks/`` in the working folder and above it, then the package's own copy."""
    start = Path.cwd() if start is None else start.resolve()
    folders = [folder / "checks" for folder in (start, *start.parents)]
    return [folder for folder in (*folders, _PACKAGE_COPY, _CHECKOUT_COPY) if folder.is_dir()]


def find_check(name: str, start: Path | None = None) -> Check:
    """Find the check of the function called ``name``; raise LookupError with the names there are."""
    folders = check_folders(start)
    for folder in folders:
        words, numbers = folder / f"{name}.json", folder / f"{name}.safetensors"
        if words.is_file() and numbers.is_file():
            try:
                return from_files(words.read_bytes(), numbers.read_bytes())
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"the check in {folder} for {name} is damaged; copy it again ({error})") from error
    known = [exercise["name"] for exercise in installed_exercises(start)]
    raise LookupError(f"there is no exercise called {name}; the exercises are {', '.join(known) or 'not installed'}")


def installed_exercises(start: Path | None = None) -> list[dict[str, Any]]:
    """Return the words of every check that :func:`find_check` would find, in the order of the chapters."""
    found: dict[str, dict[str, Any]] = {}
    for folder in check_folders(start):
        for path in folder.glob("*.json"):
            if path.with_suffix(".safetensors").is_file():
                found.setdefault(path.stem, json.loads(path.read_bytes()))
    return sorted(
        found.values(), key=lambda words: [int(part) for part in words["number"].split(".") if part.isdigit()]
    )
