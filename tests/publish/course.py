"""A course of one exercise on disk, for tests that break it."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

STEM = "04_toy"

CHECK = """
from seqviz.checks import exercise, mistake, normal


@exercise(returns="y: batch", groups={"all": 1})
class double:
    "Twice the numbers."

    def inputs(generator):
        for batch in (2, 3):
            yield "all", {"x": normal(generator, batch)}

    def reference(x):
        return 2 * x

    @mistake("squared", hint="Try 3.")
    def squared(x):
        return x**2
"""

SOLUTION = '''def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    # a secret reason
    return 2 * x
    ### END SOLUTION'''

STUB = '''def double(x):
    """Return twice x."""
    raise NotImplementedError("04.1 double")'''


def marked(grade_id: str, **changed: Any) -> dict[str, Any]:
    plain = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": plain | {"grade_id": grade_id} | changed}


def cells() -> dict[str, nbformat.NotebookNode]:
    """Return the cells of the solution notebook by id."""
    explained = marked("why", grade=True, solution=True, points=0) | {"tags": ["solution"]}
    made = [
        new_markdown_cell("# Toy", id="title"),
        new_code_cell("import seqviz as sv", id="setup"),
        new_code_cell(SOLUTION, id="code", metadata=marked("double", solution=True)),
        new_code_cell(
            "sv.check(double)", id="check", metadata=marked("check_double", grade=True, locked=True, points=2)
        ),
        new_markdown_cell("**Why.** For instructors.", id="why", metadata=explained),
        new_code_cell("1 + 1", id="after"),
    ]
    return {cell.id: cell for cell in made}


def notebook(changed: dict[str, nbformat.NotebookNode] | None = None) -> nbformat.NotebookNode:
    return new_notebook(cells=list((cells() if changed is None else changed).values()))


def write_course(root: Path, node: nbformat.NotebookNode | None = None, check: str = CHECK) -> Path:
    """Write solutions/ below ``root`` and return the notebook's path."""
    path = root / "solutions" / f"{STEM}.ipynb"
    (root / "solutions" / "checks").mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook() if node is None else node), encoding="utf-8")
    (root / "solutions" / "checks" / "toy.py").write_text(check, encoding="utf-8")
    return path
