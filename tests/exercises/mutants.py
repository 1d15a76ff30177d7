"""Blind changes to a solution, one at a time: an operator, a sign, an index, a number, a transpose, a call left out."""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial

Change = Callable[[ast.AST], Iterator[ast.AST]]  # other nodes to stand in its place

_OPERATORS = {
    ast.Add: [ast.Sub, ast.Mult],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Add, ast.Div],
    ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult],
}
_COMPARISONS = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt],
    ast.Gt: [ast.GtE],
    ast.GtE: [ast.Gt],
    ast.Eq: [ast.NotEq, ast.LtE, ast.GtE],
    ast.NotEq: [ast.Eq],
}


def operators(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        for other in _OPERATORS.get(type(node.op), []):
            yield ast.BinOp(node.left, other(), node.right)
        yield ast.BinOp(node.right, node.op, node.left)
        yield node.left
        yield node.right


def comparisons(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for other in _COMPARISONS.get(type(node.ops[0]), []):
            yield ast.Compare(node.left, [other()], node.comparators)


def signs(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.BinOp, ast.Call)) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)):
        yield ast.UnaryOp(ast.USub(), node)
    if isinstance(node, ast.UnaryOp):
        yield node.operand


def indices(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        for place in ast.walk(node.slice):
            if isinstance(place, (ast.Name, ast.BinOp)):
                for step in (ast.Add(), ast.Sub()):
                    changed = deepcopy(node)
                    yield _replaced(changed, node, place, ast.BinOp(place, step, ast.Constant(1)))


def numbers(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        yield from (ast.Constant(node.value + by) for by in (1, -1))


def transposes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        for left, right in ((_turned(node.left), node.right), (node.left, _turned(node.right))):
            yield ast.BinOp(left, node.op, right)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id.startswith(("W", "grad_W")):
        yield _turned(node)


def calls(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        yield from node.args[:1]
        if isinstance(node.func, ast.Attribute):
            yield node.func.value
        if len(node.args) == 3:  # torch.where(condition, one, other)
            yield ast.Call(node.func, [node.args[0], node.args[2], node.args[1]], node.keywords)


def _turned(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else ast.Attribute(node, "T", ast.Load())


def _replaced(copy: ast.AST, original: ast.AST, place: ast.AST, new: ast.AST) -> ast.AST:
    number = [*ast.walk(original)].index(place)
    return _put([*ast.walk(copy)][number], new, copy)


def _put(place: ast.AST, new: ast.AST, inside: ast.AST) -> ast.AST:
    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return new if node is place else self.generic_visit(node)

    return Put().visit(inside)


CHANGES: list[Change] = [operators, comparisons, signs, indices, numbers, transposes, calls]


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yield what was changed, in words, and the changed source, of the last function in ``source``."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for node, put in _places(tree.body[-1]):
        for new in [new for change in CHANGES for new in change(node)]:
            put(new)
            changed = ast.unparse(tree)
            put(node)
            if changed not in seen:
                seen.add(changed)
                yield f"line {getattr(node, 'lineno', 0)}: {ast.unparse(node)} → {ast.unparse(new)}", changed


def _places(root: ast.AST) -> list[tuple[ast.AST, Callable[[ast.AST], None]]]:
    """List all nodes below ``root``, each with what puts another into its place."""
    places: list[tuple[ast.AST, Callable[[ast.AST], None]]] = []
    for parent in ast.walk(root):
        for field, value in ast.iter_fields(parent):
            if isinstance(value, ast.AST):
                places.append((value, partial(setattr, parent, field)))
            elif isinstance(value, list):
                places += [(n, partial(value.__setitem__, i)) for i, n in enumerate(value) if isinstance(n, ast.AST)]
    return places
