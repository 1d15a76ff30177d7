"""A check file on disk, ``solutions/checks/*.py``: run it, and find what it shares with the files beside it."""

import ast
import importlib.util
import itertools
import sys
import traceback
from pathlib import Path
from types import ModuleType

from .authoring import Exercise, ExerciseError

_numbers = itertools.count()


def load_exercises(path: Path) -> dict[str, Exercise]:
    """Run a check file and return its exercises by name, in its order. For an instructor's process only.

    While it runs, its folder is a package of a name that no other load has, so that ``from .common import weights``
    finds the file beside it. Afterwards none of these modules is left in ``sys.modules``.
    """
    package = ModuleType(f"seqviz_check_files_{next(_numbers)}")
    package.__path__ = [str(path.parent.absolute())]
    name = f"{package.__name__}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ExerciseError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    importlib.invalidate_caches()  # the file beside it may be new
    sys.modules |= {package.__name__: package, name: module}  # inspect finds a driver's source by the module's name
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        kind = "" if isinstance(error, ExerciseError) else f"{type(error).__name__}: "
        raise ExerciseError(f"{_guilty_file(error, path)}: {kind}{error}") from error
    finally:
        for loaded in [one for one in sys.modules if one.partition(".")[0] == package.__name__]:
            del sys.modules[loaded]
    return {value.name: value for value in vars(module).values() if isinstance(value, Exercise)}


def _guilty_file(error: Exception, path: Path) -> Path:
    """Return the file that ``error`` comes from: the check file, or one beside it that it imports."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        files.append(error.filename)
    beside = [Path(file).name for file in files if Path(file).parent == path.parent.absolute()]
    return path.with_name(beside[-1]) if beside else path


def check_sources(path: Path) -> list[Path]:
    """Return a check file and the files beside it that it imports, directly or not. They are read, not run."""
    sources: list[Path] = []
    waiting = [path]
    while waiting:
        source = waiting.pop()
        if source in sources:
            continue
        sources.append(source)
        waiting += [path.with_name(f"{name}.py") for name in _imported_from_beside(source)]
    return sources


def _imported_from_beside(source: Path) -> list[str]:
    try:
        tree = ast.parse(source.read_bytes())
    except (SyntaxError, ValueError) as error:
        raise ExerciseError(f"{source}: {type(error).__name__}: {error}") from error
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            names += [node.module] if node.module else [alias.name for alias in node.names]
    return names
