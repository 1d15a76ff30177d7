"""seqviz: sequence models built from scratch, moved by hand and checked.

``import seqviz as sv`` is quick: every room below is imported when it is first used.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_ROOMS = {"checks", "data", "models", "plots", "traces", "training"}
_NAMES = {
    "check": ("seqviz.checks", "check"),
    "check_setup": ("seqviz.lab.setup_check", "check_setup"),
    "progress": ("seqviz.checks", "progress"),
    "explore": ("seqviz.widgets", "explore"),
    "quiz": ("seqviz.widgets", "quiz"),
    "show": ("seqviz.widgets", "show"),
    "trained": ("seqviz.recipes.weights", "trained"),
}

__all__ = sorted(_ROOMS | _NAMES.keys())


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"seqviz.{name}")
    if name in _NAMES:
        module, attribute = _NAMES[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module 'seqviz' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
