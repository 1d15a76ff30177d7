"""What each scope of a cell binds, by Python's own rules: the syntax tree beside its `symtable`."""

import ast
import symtable
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .cell_source import Cell

_NAMES = {
    ast.Lambda: "lambda",
    ast.ListComp: "listcomp",
    ast.SetComp: "setcomp",
    ast.DictComp: "dictcomp",
    ast.GeneratorExp: "genexpr",
}


@dataclass(frozen=True)
class Binding:
    """One way in which a name gets its value."""

    scope: "Scope"  # where the value is worked out
    nodes: tuple[ast.AST, ...] = ()  # what runs when the name is used
    value: ast.AST | None = None
    dotted: str = ""  # of an import
    replaces: bool = False  # certainly takes the place of what the name was before
    changes: bool = False  # changes what the name stands for, in place
    first_line: int = 1


@dataclass(eq=False)
class Scope:
    """A module, class, function, lambda or comprehension."""

    table: symtable.SymbolTable
    parent: "Scope | None" = None
    bindings: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    parameters: set[str] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)  # inner tables that belong to a node already

    def owner(self, name: str) -> "Scope | None":
        """Return the scope whose ``name`` is meant here; None for the notebook's own."""
        scope: Scope | None = self
        while scope is not None and scope.parent is not None:
            try:
                symbol = scope.table.lookup(name)
            except KeyError:  # the first iterable of a comprehension is evaluated where the comprehension stands
                scope = scope.parent
                continue
            if symbol.is_free():
                scope = scope.parent
                while scope.parent is not None and _kind(scope.table) == "class":
                    scope = scope.parent
            elif symbol.is_global():
                return None
            else:
                return scope
        return None

    def inner(self, node: ast.AST) -> "Scope":
        """Return the scope that ``node`` opens; this one if Python opens none."""
        name = _NAMES.get(type(node)) or getattr(node, "name", "")
        for table in _inner_tables(self.table):
            if table.get_id() not in self.taken and (table.get_name(), table.get_lineno()) == (name, node.lineno):  # type: ignore[attr-defined]
                self.taken.add(table.get_id())
                return Scope(table, self)
        return self

    @staticmethod
    def imports(node: ast.Import | ast.ImportFrom, scope: "Scope") -> Iterator[tuple[str, Binding]]:
        """Return the names an import binds; ``*`` for all names of a module."""
        for item in node.names:
            if isinstance(node, ast.ImportFrom):
                dotted = f"{node.module}.{item.name}" if item.name != "*" else str(node.module)
                yield item.asname or item.name, Binding(scope, dotted=dotted)
            else:
                first = item.name.partition(".")[0]
                if not item.asname and first != item.name:
                    yield first, Binding(scope, dotted=first)
                yield item.asname or first, Binding(scope, dotted=item.name if item.asname else first)


def _kind(table: symtable.SymbolTable) -> str:
    kind: Any = table.get_type()
    return str(getattr(kind, "value", kind))


def _inner_tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for inner in table.get_children():
        yield inner
        if _kind(inner) not in ("function", "class"):  # of type parameters and annotations, from Python 3.12 on
            yield from _inner_tables(inner)


@dataclass
class Read:
    """What a cell binds: the notebook's names in order, attributes, modules imported with ``*``, its scopes."""

    bindings: list[tuple[str, Binding]] = field(default_factory=list)
    attributes: list[tuple[str, Binding]] = field(default_factory=list)
    stars: list[str] = field(default_factory=list)
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)


def scopes_of(cell: Cell) -> Read:
    """Go through a cell, scope by scope."""
    reader = _Reader(cell.sure)
    reader.read(cell.tree, Scope(cell.table))
    return reader.result


class _Reader:
    def __init__(self, sure: bool) -> None:
        self.result = Read()
        self.sure = sure

    def read(self, tree: ast.Module, module: Scope) -> None:
        # Depth first, in the order of the source; a list instead of recursion, since code may be nested deeply.
        waiting: list[tuple[ast.AST, Scope, bool]] = [(node, module, self.sure) for node in reversed(tree.body)]
        while waiting:
            node, scope, certain = waiting.pop()
            self.bind(node, scope, certain and scope is module)
            waiting += reversed([(part, where, False) for part, where in self.parts(node, scope)])

    def parts(self, node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        """Return what stands in ``node``, each part with its scope, in the order in which Python goes through them."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from ((one, scope) for one in [*node.args.defaults, *node.args.kw_defaults] if one is not None)
            yield from ((one, scope) for one in getattr(node, "decorator_list", []))
            inner = self.open(node, scope)
            self.bind_parameters(node.args, scope, inner)
            yield from ((one, inner) for one in (node.body if isinstance(node.body, list) else [node.body]))
        elif isinstance(node, ast.ClassDef):
            outside = [*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)]
            yield from ((one, scope) for one in outside)
            inner = self.open(node, scope)
            yield from ((one, inner) for one in node.body)
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            yield node.generators[0].iter, scope
            inner = self.open(node, scope)
            yield from ((one, inner) for one in ast.iter_child_nodes(node))
        else:
            yield from ((one, scope) for one in ast.iter_child_nodes(node))

    def open(self, node: ast.AST, scope: Scope) -> Scope:
        inner = scope.inner(node)
        self.result.scopes[node] = inner
        return inner

    def bind_parameters(self, arguments: ast.arguments, outer: Scope, inner: Scope) -> None:
        plain = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(plain) - len(arguments.defaults)) + arguments.defaults
        pairs = [*zip(plain, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
        pairs += [(one, None) for one in (arguments.vararg, arguments.kwarg) if one is not None]
        for argument, default in pairs:
            inner.parameters.add(argument.arg)
            inner.bindings[argument.arg].append(Binding(outer, value=default))

    def bind(self, node: ast.AST, scope: Scope, certain: bool) -> None:
        """Note what a node binds, and in which scope."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                self.note(node.name, Binding(scope, (node,), replaces=certain, first_line=first), scope)
            case ast.Import() | ast.ImportFrom():
                for name, binding in Scope.imports(node, scope):
                    if name == "*":
                        self.result.stars.append(binding.dotted)
                    else:
                        self.note(name, binding, scope, replaces=certain)
            case ast.Assign():
                for target in node.targets:
                    self.assign(target, node.value, scope, certain)
            case ast.AnnAssign(value=ast.AST()) | ast.NamedExpr():
                self.assign(node.target, node.value, scope, certain)
            case ast.AugAssign():
                self.assign(node.target, node.value, scope, False)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self.assign(node.target, node.iter, scope, False)
            case ast.withitem(optional_vars=ast.AST()):
                self.assign(node.optional_vars, node.context_expr, scope, False)
            case ast.Match():
                for part in ast.walk(node):
                    if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
                        self.assign(ast.Name(part.name, ast.Store()), node.subject, scope, False)
            case ast.Expr(value=ast.Call(func=ast.Attribute() as function) as call):
                if isinstance(root := _root(function), ast.Name):
                    self.note(root.id, Binding(scope, (call,), changes=True, first_line=node.lineno), scope)

    def assign(self, target: Any, value: Any, scope: Scope, certain: bool) -> None:
        binding = Binding(scope, (value,), value, replaces=certain, first_line=value.lineno)
        match target:
            case ast.Name():
                self.note(target.id, binding, scope)
            case ast.Starred():
                self.assign(target.value, value, scope, certain)
            case ast.Tuple() | ast.List():
                parts = getattr(value, "elts", [])
                matching = len(parts) == len(target.elts) and not any(
                    isinstance(one, ast.Starred) for one in [*parts, *target.elts]
                )
                for number, one in enumerate(target.elts):
                    self.assign(one, parts[number] if matching else value, scope, certain)
            case ast.Attribute() | ast.Subscript():
                if isinstance(target, ast.Attribute):
                    self.result.attributes.append((target.attr, binding))
                if isinstance(root := _root(target), ast.Name):
                    self.note(root.id, Binding(scope, (value,), value, changes=True, first_line=value.lineno), scope)

    def note(self, name: str, binding: Binding, scope: Scope, replaces: bool | None = None) -> None:
        if replaces:
            binding = Binding(binding.scope, dotted=binding.dotted, replaces=True)
        owner = scope.owner(name)
        if owner is None:
            self.result.bindings.append((name, binding))
        else:
            owner.bindings[name].append(binding)
            if _kind(owner.table) == "class":
                self.result.attributes.append((name, binding))


def _root(node: ast.AST) -> ast.AST:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node
