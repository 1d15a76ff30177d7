"""Students get stubs where solutions were, and none of the instructors' cells."""

from pathlib import Path

import nbformat
import pytest

from seqviz.publish.notebook import read_solution
from seqviz.publish.stub import exercise_notebook, with_stub
from tests.publish.course import SOLUTION, STUB, cells, notebook, write_course


def made(tmp_path: Path, node: nbformat.NotebookNode | None = None) -> nbformat.NotebookNode:
    return nbformat.reads(exercise_notebook(read_solution(write_course(tmp_path, node))), as_version=4)


def test_solutions_become_stubs_and_the_rest_stays(tmp_path: Path):
    before, after = notebook().cells, made(tmp_path).cells
    assert [cell.id for cell in after] == ["title", "setup", "code", "check", "after"]
    for cell in after:
        (original,) = [one for one in before if one.id == cell.id]
        assert cell.metadata == original.metadata
        assert cell.source == (STUB if cell.id == "code" else original.source)


def test_outputs_do_not_come_along(tmp_path: Path):
    changed = cells()
    changed["after"].outputs = [nbformat.v4.new_output("stream", text="secret")]
    changed["after"].execution_count = 7
    after = made(tmp_path, notebook(changed)).cells[-1]
    assert (after.outputs, after.execution_count) == ([], None)


def test_it_is_a_valid_notebook_and_says_the_same_twice(tmp_path: Path):
    solution = read_solution(write_course(tmp_path))
    text = exercise_notebook(solution)
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert exercise_notebook(solution) == text
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("source", "stub"),
    [
        (SOLUTION, STUB),
        (
            "def f():\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n",
            'def f():\n    raise NotImplementedError("x")',
        ),
        (
            "class A:\n    def f(self):\n        ### BEGIN SOLUTION\n        a\n        ### END SOLUTION\n\n    c = 1",
            'class A:\n    def f(self):\n        raise NotImplementedError("x")\n\n    c = 1',
        ),
        (
            "def f():\n    #   ### BEGIN SOLUTION of f\n    1\n    # ### END SOLUTION\n    2",
            'def f():\n    raise NotImplementedError("x")\n    2',
        ),
    ],
)
def test_the_stub_keeps_the_indentation(source: str, stub: str):
    assert with_stub(source, "04.1 double" if source == SOLUTION else "x") == stub
