from typing import Any

import nbformat
import pytest

from seqviz.grading.nbgrader_format import (
    FormatError,
    language_of,
    require_the_format,
    without_hidden_tests,
    without_solution,
)
from tests.grading.course import cell, check_cell, notebook, solution_cell


def read(*cells: Any, **metadata: Any) -> nbformat.NotebookNode:
    tree: Any = nbformat.from_dict(notebook(cells) | ({"metadata": metadata} if metadata else {}))
    return tree


def test_solutions_are_taken_out_as_nbgrader_does() -> None:
    marked = "def f(x):\n    y = 1\n    ### BEGIN SOLUTION\n    return y\n    ### END SOLUTION\n# end"
    assert without_solution(marked, "code") == (
        "def f(x):\n    y = 1\n    # YOUR CODE HERE\n    raise NotImplementedError()\n# end"
    )
    stub = "# YOUR CODE HERE\nraise NotImplementedError()"
    assert without_solution("x = 1", "code") == stub
    assert without_solution("x = 1\n### END SOLUTION", "code") == stub
    assert without_solution("because", "markdown") == "YOUR ANSWER HERE"


def test_students_have_what_is_not_hidden() -> None:
    hidden = "### BEGIN HIDDEN TESTS\nassert secret\n### END HIDDEN TESTS"
    assert without_hidden_tests(f"a\n{hidden}\nb\n{hidden}\nc") == "a\nb\nc"
    assert without_hidden_tests(hidden) == ""


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (check_cell("1", "a", ""), "cell 2 (a): its points are ''; a number from 0 is needed"),
        (check_cell("1", "a", None), "cell 2 (a): its points are None"),
        (check_cell("1", "a", -1), "cell 2 (a): its points are -1"),
        (check_cell("1", "a", float("nan")), "cell 2 (a): its points are nan"),
        (check_cell("1", "a", True), "cell 2 (a): its points are True"),
        (cell("1", id="x", grade=True, grade_id="a"), "cell 2 (a): its points are 'missing'"),
        (cell("1", id="x", grade=True, points=1), "cell 2: it has no grade_id"),
        (cell("1", id="x", solution=True, grade_id=None), "cell 2: it has no grade_id"),
        (cell("1", id="x", locked=True, grade_id=" "), "it has no grade_id"),
        (check_cell("1", "first", 1.0), "cell 2 (first): the grade_id first is used twice"),
        (cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION"), "not marked as a solution cell"),
        (solution_cell("### BEGIN SOLUTION\nx = 1", "a"), "cell 2 (a): BEGIN SOLUTION without END SOLUTION"),
        (solution_cell("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "a"), "comes twice"),
        (check_cell("### BEGIN HIDDEN TESTS\nassert x", "a", 1.0), "BEGIN HIDDEN TESTS without END HIDDEN TESTS"),
        (solution_cell("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", "a"), "not marked as a test cell"),
        (check_cell("x = 1\n### AUTOTEST x", "a", 1.0), "cell 2 (a): line 2: AUTOTEST is not expanded here"),
        (check_cell("### HASHED AUTOTEST f(1); f(2)", "a", 1.0), "line 1: AUTOTEST"),
        (3, "cell 2: not a cell"),
        ({}, "cell 2: not a cell"),
        ({"cell_type": "code", "metadata": {}}, "cell 2: not a cell"),
        (cell("1") | {"metadata": {"nbgrader": [1]}}, "cell 2: its nbgrader metadata is not a table"),
    ],
)
def test_what_would_be_graded_wrongly_is_refused_by_cell(broken: Any, words: str) -> None:
    book = read(check_cell("1", "first", 1.0))
    book.cells.append(nbformat.from_dict(broken))
    with pytest.raises(FormatError) as said:
        require_the_format(book)
    assert words in str(said.value)


def test_words_that_only_look_like_the_formats_are_let_through() -> None:
    require_the_format(read(cell("Write AUTOTEST # AUTOTEST", "markdown"), check_cell("a = 'AUTOTEST'", "a", 0)))


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"name": "ir", "language": "R"}}, "R"),
        ({"kernelspec": {"name": "ir"}}, "ir"),
        ({"kernelspec": {"name": "ir"}, "language_info": {"name": "R"}}, "R"),
        ({"kernelspec": {"name": "julia-1.10"}}, "julia-1.10"),
        ({"kernelspec": {"name": "xcpp17"}}, "xcpp17"),
        ({"kernelspec": {"name": "python3", "language": "python"}}, "python"),
        ({"kernelspec": {"name": "iris-course"}}, "python"),
        ({"kernelspec": None, "language_info": {"name": "python"}}, "python"),
    ],
)
def test_other_languages_are_refused_by_name(metadata: dict[str, Any], language: str) -> None:
    book = read(check_cell("1", "a", 1.0), **metadata)
    assert language_of(book) == language
    if language == "python":
        require_the_format(book)
    else:
        with pytest.raises(FormatError, match=f"its kernel runs {language}; only Python"):
            require_the_format(book)
