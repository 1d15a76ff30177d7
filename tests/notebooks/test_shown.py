"""A picture is shown by a cell that ends with it: anywhere else its value is thrown away, and nobody is told."""

import ast
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.test_links import NOTEBOOKS, ROOT

SHOWN = {"show", "explore", "quiz"}


def shows(node: ast.AST) -> bool:
    """Whether a statement is nothing but a call of ``sv.show``, ``sv.quiz`` or one of ``sv.explore``."""
    function = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    path = ast.unparse(function).split(".") if function else []
    return path[:1] == ["sv"] and path[1] in SHOWN


def thrown_away(source: str) -> Iterator[str]:
    """Yield the pictures that are not the last expression of a cell."""
    body = ast.parse(source).body
    for node in ast.walk(ast.Module(body, [])):
        if shows(node) and node is not body[-1]:
            yield ast.unparse(node)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_picture_ends_its_cell(path: Path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert not [one for cell in cells if not cell.source.startswith("%") for one in thrown_away(cell.source)]


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        ("sv.show(picture)\nprint(1)", ["sv.show(picture)"]),
        ("for seed in range(2):\n    sv.explore.run(seed)", ["sv.explore.run(seed)"]),
        ("print(1)\nsv.quiz('?', {})", []),
        ("shown = sv.show(picture)\nprint(1)", []),
    ],
)
def test_a_picture_before_the_end_is_found(source: str, lost: list[str]):
    assert list(thrown_away(source)) == lost
