"""Find the names that an exercise forbids in a student's source: one search for the notebook and for grading.

This reads the cells; it does not watch what runs. Which name means what is settled by Python's own rules (`symtable`).
It follows imports under other names, names given to modules, and the functions and objects of the student's own that
are used. It cannot see names that are put together while the program runs (``getattr(torch, "n" + "n")``).
"""

import ast
import inspect
import linecache
import sys
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

from .cell_source import TooDeepError, read_cell
from .scopes import Binding, Scope, scopes_of

# Plain functions of one product or one number, which are no answer to any exercise; so is the module's own name.
_ALLOWED = {"torch.nn.functional", *(f"torch.nn.functional.{name}" for name in ("linear", "relu", "sigmoid", "tanh"))}
_MOST_USES = 20
_MOST_WRAPPERS = 100


@dataclass(frozen=True)
class Use:
    """A forbidden name as the exercise forbids it and as it is written; lines are counted from ``function``'s first."""

    forbidden: str
    written: str
    function: str
    line: int


def find_forbidden(function: Callable[..., Any], forbid: Sequence[str]) -> list[Use]:
    """Look through ``function`` in the running notebook, or in its file; without source nothing is found."""
    name = function.__name__
    cells = _cells_of_the_notebook(name, function)
    if cells is None:
        name, cells = _cells_of_files(function)
    return find_forbidden_in_source(cells, name, forbid)


def find_forbidden_in_source(sources: Sequence[str], name: str, forbid: Sequence[str]) -> list[Use]:
    """Look through the definition of ``name`` in the cells of a notebook and what it uses. Nothing is run.

    Cells that are not Python are passed over; of several definitions of a name the last one counts, as when they run.
    """
    if not forbid:
        return []
    try:
        notebook = _Notebook(forbid)
        for source in sources:
            notebook.add(source)
        return notebook.uses(name)
    except (TooDeepError, RecursionError, MemoryError):
        return [Use(forbid[0], "code nested too deeply to be looked through", name, 1)]


# --- where the source is ----------------------------------------------------------------------------------------------
def _cells_of_the_notebook(name: str, function: Any) -> list[str] | None:
    """Return the cells that were run, in their order, if ``function`` is what they call ``name``."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or shell.user_ns.get(name) is not function:
        return None
    return [str(cell) for cell in shell.history_manager.input_hist_raw]


def _cells_of_files(function: Any) -> tuple[str, list[str]]:
    """Return the files around ``function`` as cells, its own definition as the last, and how that one is called."""
    plain = function
    for _ in range(_MOST_WRAPPERS):  # a loop of wrappers ends nowhere
        plain = getattr(plain, "__wrapped__", plain)
    methods = [one for one in vars(plain).values() if isinstance(one, FunctionType)] if isinstance(plain, type) else []
    code = plain if isinstance(plain, FunctionType) else next(iter(methods), None)
    if code is None:
        return plain.__name__, []
    near = [one for one in code.__globals__.values() if isinstance(one, FunctionType)]
    files = dict.fromkeys([one.__code__.co_filename for one in near if one.__globals__ is code.__globals__])
    files.pop(code.__code__.co_filename, None)
    cells = ["".join(linecache.getlines(file)) for file in [*files, code.__code__.co_filename]]
    if code.__globals__.get(function.__name__) is function:
        return function.__name__, cells
    try:
        own = textwrap.dedent(inspect.getsource(plain))
        [definition] = ast.parse(own).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return plain.__name__, cells
    return getattr(definition, "name", plain.__name__), [*cells, own]


# --- the search -------------------------------------------------------------------------------------------------------
@dataclass
class _Notebook:
    """What the names of a notebook may be after its cells have run, and what of it is forbidden."""

    forbid: Sequence[str]
    names: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    attributes: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    stars: list[str] = field(default_factory=list)  # modules all of whose names were imported
    passed: set[str] = field(default_factory=set)  # modules that are handed to functions
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)
    parts: set[ast.AST] = field(default_factory=set)  # of a longer dotted name

    def add(self, source: str) -> None:
        """Take in what a cell defines."""
        cell = read_cell(source)
        if cell is None:
            return
        read = scopes_of(cell)
        self.scopes |= read.scopes
        self.stars += read.stars
        for name, binding in read.bindings:
            if binding.replaces:
                self.names[name] = []
            elif binding.changes and any(one.dotted for one in self.names[name]):
                continue  # calling a module's function does not change the module
            self.names[name].append(binding)
        for name, binding in read.attributes:
            self.attributes[name].append(binding)

    def uses(self, name: str) -> list[Use]:
        """Return the forbidden uses in the definition of ``name`` and in what it reaches."""
        found = self._search(name)
        return self._search(name) if self.passed else found  # now with what parameters may be

    def _search(self, name: str) -> list[Use]:
        self.known: dict[tuple[int, str], set[str]] = {}
        found: dict[tuple[str, str, int], Use] = {}
        seen, waiting = set[str](), [name]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            for binding in self.names.get(current, ()):
                for node, scope in self._nodes(binding):
                    if isinstance(node, ast.Name) and scope.owner(node.id) is None:
                        waiting.append(node.id)
                    for use in self._judge(node, scope, current, binding.first_line):
                        found.setdefault((use.forbidden, use.function, use.line), use)
                        if len(found) >= _MOST_USES:
                            return list(found.values())
        return list(found.values())

    def _nodes(self, binding: Binding) -> Iterator[tuple[ast.AST, Scope]]:
        """Go through all that runs when what is bound is used, each node with the scope it stands in."""
        waiting = [(node, binding.scope) for node in binding.nodes]
        while waiting:
            node, scope = waiting.pop()
            if isinstance(node, ast.Attribute) and isinstance(node.value, (ast.Name, ast.Attribute)):
                self.parts.add(node.value)
            yield node, scope
            inner = self.scopes.get(node, scope)
            for name, value in ast.iter_fields(node):
                if name in ("annotation", "returns"):  # what is said about a value computes nothing
                    continue
                parts = value if isinstance(value, list) else [value]
                waiting += [(part, inner) for part in parts if isinstance(part, ast.AST)]

    def _judge(self, node: ast.AST, scope: Scope, function: str, first_line: int) -> Iterator[Use]:
        dotted: set[str] = set()
        if isinstance(node, (ast.Name, ast.Attribute, ast.Call)):
            dotted |= self.origins(node, scope)
        if isinstance(node, ast.Attribute):
            dotted.add(f".{node.attr}")
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            dotted |= {binding.dotted for _, binding in Scope.imports(node, scope)}
        elif isinstance(node, ast.Call):
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            self.passed |= {one for argument in arguments for one in self.origins(argument, scope)}
            if constant := _constant_attribute(node):
                dotted.add(f".{constant}")
        if node in self.parts:  # `torch.nn` inside `torch.nn.functional.linear` is no use of its own
            dotted = {one for one in dotted if one.startswith(".")}
        for name in self.forbid:
            if any(_is_inside(one, name) for one in dotted - _ALLOWED):
                line = max(1, getattr(node, "lineno", first_line) - first_line + 1)
                yield Use(name, _written(node), function, line)

    # --- where a value comes from -------------------------------------------------------------------------------------
    def origins(self, node: ast.AST | None, scope: Scope) -> set[str]:
        """Return the dotted names ``node`` may stand for, as far as they lead to a forbidden one."""
        match node:
            case ast.Name():
                return self._of_name(node.id, scope)
            case ast.Attribute():
                found = {f"{one}.{node.attr}" for one in self.origins(node.value, scope)}
                return self._relevant(found) | self._of(self.attributes.get(node.attr, []), f".{node.attr}")
            case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(name)), *_]):
                return self._relevant({f"{one}.{name}" for one in self.origins(value, scope)})
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if _last_name(func) in _IMPORTERS:
                return self._relevant({name})
            case ast.Call():
                inside = [*node.args, *(keyword.value for keyword in node.keywords)]
            case ast.NamedExpr() | ast.Starred() | ast.Subscript() | ast.Await():
                inside = [node.value]
            case ast.IfExp():
                inside = [node.body, node.orelse]
            case ast.BoolOp():
                inside = node.values
            case ast.Tuple() | ast.List() | ast.Set():
                inside = node.elts
            case ast.Dict():
                inside = node.values
            case _:
                return set()
        return {one for part in inside for one in self.origins(part, scope)}

    def _of_name(self, name: str, scope: Scope) -> set[str]:
        owner = scope.owner(name)
        if owner is not None:
            handed = self._relevant(self.passed) if name in owner.parameters else set()
            return handed | self._of(owner.bindings.get(name, []), name, id(owner))
        if name in self.names:
            return self._of(self.names[name], name)
        return self._relevant({name, *(f"{module}.{name}" for module in self.stars)})  # bound by nobody we can see

    def _of(self, bindings: Sequence[Binding], name: str, where: int = 0) -> set[str]:
        key = (where, name)
        if key not in self.known:
            self.known[key] = set()  # for names that are bound to themselves
            for one in bindings:
                self.known[key] |= self._relevant({one.dotted}) if one.dotted else self.origins(one.value, one.scope)
        return self.known[key]

    def _relevant(self, dotted: set[str]) -> set[str]:
        return {one for one in dotted for name in self.forbid if _is_inside(one, name) or _is_inside(name, one)}


_IMPORTERS = {"__import__", "import_module"}


def _last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _constant_attribute(node: ast.Call) -> str:
    match node:
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return name
    return ""


def _written(node: ast.AST) -> str:
    try:
        return ast.unparse(node)[:200]
    except RecursionError:
        return "an expression nested deeply"


def _is_inside(dotted: str, name: str) -> bool:
    return dotted == name or dotted.startswith(f"{name}.")
