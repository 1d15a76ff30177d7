"""Find the names that an exercise forbids in a student's source.

This reads the source; it does not watch what runs. It follows imports under other names and the other functions the
student wrote, and cannot see names that are put together while the program runs (``getattr(torch, "n" + "n")``).
"""

import ast
import contextlib
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

# Plain functions of one product or one number, which are no answer to any exercise; so is the module's own name.
_ALLOWED = {"torch.nn.functional", *(f"torch.nn.functional.{name}" for name in ("linear", "relu", "sigmoid", "tanh"))}
_NOTEBOOK_LINE = re.compile(r"^(?P<indent>[ \t]*)(?:[%!?]|[\w, ]+=\s*[%!]).*$", re.MULTILINE)


@dataclass(frozen=True)
class Use:
    """One use of a forbidden name: as the exercise forbids it and as the student wrote it, with function and line."""

    forbidden: str
    written: str
    function: str
    line: int


def find_forbidden(function: Callable[..., Any], forbid: Sequence[str]) -> list[Use]:
    """Look through ``function`` and the functions of the same module that it calls; nothing is found without source."""
    uses: list[Use] = []
    seen: set[Any] = set()
    waiting: list[Any] = [inspect.unwrap(function)]
    while waiting:
        current = waiting.pop()
        if current in seen or (tree := _source_tree(current)) is None:
            continue
        seen.add(current)
        namespace = _namespace(current)
        aliases = {name: _dotted_name(namespace[name], forbid) for name in _names_in(tree) if name in namespace}
        uses += _uses_in(tree, aliases, forbid, current.__name__)
        module = getattr(current, "__module__", None)
        waiting += [
            value
            for name in _names_in(tree)
            if isinstance(value := namespace.get(name), (FunctionType, type)) and value.__module__ == module
        ]
    return uses


def find_forbidden_in_source(sources: Sequence[str], name: str, forbid: Sequence[str]) -> list[Use]:
    """Look through the definition of ``name`` in the cells of a notebook and the definitions it uses. Nothing is run.

    Cells that are no Python are passed over; of several definitions of a name the last one counts, as when they run.
    """
    definitions: dict[str, ast.AST] = {}
    aliases: dict[str, str] = {}
    for source in sources:
        tree = _parse_cell(source)
        if tree is None:
            continue
        aliases |= _imports(tree)
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                definitions[node.name] = node
            definitions.update(_assignments(node))
    uses: list[Use] = []
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in seen or current not in definitions:
            continue
        seen.add(current)
        uses += _uses_in(definitions[current], aliases, forbid, current)
        waiting += _names_in(definitions[current])
    return uses


def _parse_cell(source: str) -> ast.Module | None:
    """Parse a cell, if need be without its lines for the shell and for magics."""
    for text in (source, _NOTEBOOK_LINE.sub(r"\g<indent>pass", source)):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.parse(text)
    return None


def _assignments(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Assign):
        yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))


def _source_tree(function: Any) -> ast.AST | None:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None


def _namespace(function: Any) -> Mapping[str, Any]:
    if isinstance(function, FunctionType):
        closure = inspect.getclosurevars(function).nonlocals
        return {**function.__globals__, **closure}
    return vars(inspect.getmodule(function)) if inspect.getmodule(function) else {}


def _dotted_name(value: Any, forbid: Sequence[str]) -> str:
    """Return where ``value`` comes from: a module's name, a function's or class's full name, an object's class."""
    if isinstance(value, ModuleType):
        return value.__name__
    if isinstance(value, BuiltinFunctionType):  # torch.nn.functional.linear says it comes from torch._C._nn
        for module_name, module in list(sys.modules.items()):
            if _is_inside(module_name, *forbid) and vars(module).get(value.__name__) is value:
                return f"{module_name}.{value.__name__}"
    named = value if hasattr(value, "__qualname__") else type(value)
    return f"{getattr(named, '__module__', '')}.{named.__qualname__}"


def _imports(tree: ast.AST) -> dict[str, str]:
    aliases = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for item in node.names:
                aliases[item.asname or item.name.partition(".")[0]] = (
                    item.name if item.asname else item.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for item in node.names:
                aliases[item.asname or item.name] = f"{node.module}.{item.name}"
    return aliases


def _uses_in(tree: ast.AST, aliases: Mapping[str, str], forbid: Sequence[str], function: str) -> list[Use]:
    parameters = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    aliases = {name: dotted for name, dotted in aliases.items() if name not in parameters} | _imports(tree)
    aliases |= _local_aliases(tree, aliases)
    uses = {}
    inner = {node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _chain(node)}
    for node in ast.walk(tree):
        for dotted in _dotted_names(node, aliases):
            # `torch.nn` inside `torch.nn.functional.linear` is no use of its own
            if dotted in _ALLOWED or (node in inner and not dotted.startswith(".")):
                continue
            for name in forbid:
                if _is_inside(dotted, name):
                    line = getattr(node, "lineno", 0)
                    uses.setdefault(
                        (name, line), Use(forbidden=name, written=ast.unparse(node), function=function, line=line)
                    )
    return list(uses.values())


def _local_aliases(tree: ast.AST, aliases: Mapping[str, str]) -> dict[str, str]:
    """Follow ``layer = torch.nn``; one step is enough to catch the habit, and a chain is no habit."""
    found = {}
    for node in ast.walk(tree):
        for target, value in _assignments(node):
            dotted = _chain(value)
            root, _, rest = dotted.partition(".")
            if root in aliases:
                found[target] = f"{aliases[root]}.{rest}".rstrip(".")
    return found


def _dotted_names(node: ast.AST, aliases: Mapping[str, str]) -> Iterator[str]:
    if isinstance(node, (ast.Name, ast.Attribute)):
        root, _, rest = _chain(node).partition(".")
        if root in aliases:
            yield f"{aliases[root]}.{rest}".rstrip(".")
        if isinstance(node, ast.Attribute):
            yield f".{node.attr}"
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _imports(node).values()


def _chain(node: ast.AST) -> str:
    """Return ``a.b.c`` for such an expression, else an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _chain(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _names_in(tree: ast.AST) -> list[str]:
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]


def _is_inside(dotted: str, *forbidden: str) -> bool:
    return any(dotted == name or dotted.startswith(f"{name}.") for name in forbidden)
