"""What the files of this folder know of the exercises: other right answers (ALTERNATES), wrong ones (WRONG) and inputs (DRAWS), by name."""

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
