"""The engine of a check: call safely, compare, diagnose, report. No reference and no mistake lives here."""

from importlib import import_module
from typing import Any

_FILES = {
    "Check": "compiled",
    "Exercise": "authoring",
    "ExerciseError": "authoring",
    "Progress": "record",
    "Report": "report",
    "check": "checking",
    "check_against": "checking",
    "compile_check": "compiled",
    "exercise": "authoring",
    "find_check": "compiled",
    "load_exercises": "check_file",
    "mistake": "authoring",
    "normal": "authoring",
    "progress": "checking",
}

__all__ = sorted(_FILES)


def __getattr__(name: str) -> Any:
    if name in _FILES:
        return getattr(import_module(f"seqviz.checks.{_FILES[name]}"), name)
    raise AttributeError(f"module 'seqviz.checks' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
