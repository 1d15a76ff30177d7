"""What this folder knows of the exercises: other right answers, wrong ones, and inputs (DRAWS), each by name."""

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import Any

import tests.exercises as folder


def _gathered(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in pkgutil.iter_modules(folder.__path__):
        if not module.name.startswith(("test_", "known")):
            found |= vars(import_module(f"{folder.__name__}.{module.name}")).get(name, {})
    return found


ALTERNATES: dict[str, list[Callable[..., Any]]] = _gathered("ALTERNATES")
WRONG: dict[str, list[Callable[..., Any]]] = _gathered("WRONG")
DRAWS: dict[str, Callable[..., dict]] = _gathered("DRAWS")
