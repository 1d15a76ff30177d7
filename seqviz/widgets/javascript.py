"""Our JavaScript modules as one text: without a server to ask, a browser cannot import one from another.

Of the language, this reads what starts a line: ``import { a, b } from "./file.js";``, and the declaration of one name,
with or without ``export``. In the one text all names stand side by side.
"""

import re
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

_IMPORT = re.compile(r'import \{ \w+(?:, \w+)* \} from "(\.\.?/[\w./-]+\.js)";')
_DECLARATION = re.compile(r"(?:export )?(?:async function|function|class|const|let) (\w+)\b.*")
_STATEMENT = re.compile(r"(import|export|async|function|class|const|let|var)\b")


@dataclass
class _Module:
    imports: list[Path] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    text: str = ""


def joined(entry: Path) -> str:
    """Return a module and all that it imports as one module. It exports what ``entry`` does.

    Raises ValueError for modules that import each other in a circle, for a name that two of them declare, and, with
    file and line, for an import, export or declaration that is written otherwise.
    """
    entry = entry.resolve()
    modules: dict[Path, _Module] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path not in modules:
            modules[path] = _read(path)
            waiting += modules[path].imports
    try:
        order = list(TopologicalSorter({path: module.imports for path, module in modules.items()}).static_order())
    except CycleError as error:
        circle = " → ".join(path.name for path in reversed(error.args[1]))
        raise ValueError(f"expected imports without a circle, got {circle}") from None
    declared: dict[str, Path] = {}
    for path in order:
        for name in modules[path].names:
            if (first := declared.setdefault(name, path)) != path:
                raise ValueError(f"expected names that differ, got {name} in {first.name} and {path.name}")
    inner = [re.sub(r"^export ", "", modules[path].text, flags=re.M) for path in order if path != entry]
    return "\n".join([*inner, modules[entry].text])


def _read(path: Path) -> _Module:
    module = _Module()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if found := _IMPORT.fullmatch(line):
            module.imports.append((path.parent / found[1]).resolve())
            continue
        module.text += f"{line}\n"
        if found := _DECLARATION.fullmatch(line):
            module.names.append(found[1])
        elif _STATEMENT.match(line):
            raise ValueError(
                f"{path.name}, line {number}: expected an import of names from a file, or the declaration of one name, "
                f"got {line}"
            )
    return module
