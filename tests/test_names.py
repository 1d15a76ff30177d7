"""A module and a function of one package do not share a name: `from .x import x` would hide the module."""

import ast
from collections.abc import Iterator
from pathlib import Path

import seqviz

PACKAGE = Path(seqviz.__file__).parent
NOT_YET = ("data/", "models/", "plots/", "widgets/explorers/")  # rooms in which names still collide


def packages(root: Path) -> Iterator[Path]:
    for folder in (root, *root.rglob("*")):
        place = f"{folder.relative_to(root).as_posix()}/"
        if (folder / "__init__.py").is_file() and not place.startswith(NOT_YET):
            yield folder


def defined_in(path: Path) -> set[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def collisions(folder: Path) -> list[str]:
    modules = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    return [
        f"{folder.name}/{path.name} defines {name}"
        for path in sorted(folder.glob("*.py"))
        for name in sorted(defined_in(path) & modules)
    ]


def test_no_module_has_the_name_of_a_function():
    assert [line for folder in packages(PACKAGE) for line in collisions(folder)] == []


def test_a_collision_is_seen(tmp_path: Path):
    (tmp_path / "run.py").write_text("")
    (tmp_path / "other.py").write_text("def run():\n    pass\n")
    assert collisions(tmp_path) == [f"{tmp_path.name}/other.py defines run"]
