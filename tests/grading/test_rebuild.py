import json
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from seqviz.grading.rebuild import Rebuilt, read_notebook, rebuild_notebook
from seqviz.grading.submissions import UnreadableError
from tests.grading.course import (
    LEAKY,
    SUM,
    SUM_STUB,
    as_bytes,
    cell,
    check_cell,
    notebook,
    solution_cell,
    toy,
    toy_cells,
)


def base() -> NotebookNode:
    tree: Any = nbformat.from_dict(toy())
    return tree


def rebuilt(cells: list[dict[str, Any]]) -> Rebuilt:
    return rebuild_notebook(base(), read_notebook(as_bytes(notebook(cells))))


def sources(result: Rebuilt) -> list[str]:
    return [cell.source for cell in result.notebook.cells]


HONEST = [one["source"] for one in toy_cells(LEAKY, SUM)]


def test_an_honest_submission_is_what_was_handed_in() -> None:
    result = rebuilt(toy_cells(LEAKY, SUM))
    assert sources(result) == HONEST
    assert result.warnings == []
    nbformat.validate(result.notebook)


def test_cells_of_the_students_own_stay_after_the_cell_they_stood_behind() -> None:
    cells = toy_cells(LEAKY, SUM)
    cells.insert(0, cell("first = 1", id="a"))
    cells.insert(3, cell("def helper(): pass", id="b"))
    cells.append(cell("last = 1", id="c"))
    assert sources(rebuilt(cells)) == ["first = 1", *HONEST[:2], "def helper(): pass", *HONEST[2:], "last = 1"]


def test_the_order_of_our_cells_is_restored() -> None:
    assert sources(rebuilt(toy_cells(LEAKY, SUM)[::-1])) == HONEST


def test_a_helper_moves_along_with_the_cell_it_follows() -> None:
    cells = toy_cells(LEAKY, SUM)
    helper = cell("def helper(): pass", id="mine")
    moved = [*cells[4:], *cells[:3], helper, cells[3]]
    assert sources(rebuilt(moved)) == [*HONEST[:3], "def helper(): pass", *HONEST[3:]]


@pytest.mark.parametrize("missing", [0, 1, 3, 5])
def test_deleted_cells_of_ours_are_restored(missing: int) -> None:
    cells = toy_cells(LEAKY, SUM)
    del cells[missing]
    assert sources(rebuilt(cells)) == HONEST


def test_a_missing_solution_cell_does_not_overwrite_a_function_defined_elsewhere() -> None:
    cells = toy_cells(LEAKY, SUM)
    cells[2] = cell(LEAKY, id="mine")
    result = rebuilt(cells)
    assert LEAKY in sources(result)
    assert sources(result).index(LEAKY) < sources(result).index("sv.check(leaky_step)")
    assert not any("NotImplementedError" in source for source in sources(result))
    assert result.warnings == ["leaky-step: this cell is missing"]


def test_solution_cells_of_one_name_run_in_order_where_the_first_belongs() -> None:
    cells = toy_cells(LEAKY, SUM_STUB)
    cells.append(cell("def helper(): pass", id="mine"))
    cells.append(solution_cell("total = helper", "time-sum"))
    cells.append(cell("between = 1", id="mine-2"))
    cells.append(solution_cell(SUM, "time-sum"))
    cells.append(solution_cell(SUM_STUB, "time-sum"))  # a stub kept for later undoes nothing
    cells.append({**solution_cell("time_sum = None", "time-sum"), "cell_type": "raw"})  # switched off
    result = rebuilt(cells)
    code = [one.source for one in result.notebook.cells if one.cell_type == "code"]
    order = [SUM_STUB, "total = helper", "between = 1", SUM, HONEST[5], "def helper(): pass"]
    assert code == [*HONEST[1:4], *order]
    assert result.warnings == ["time-sum: 5 cells with this name, run in their order; the last counts"]
    nbformat.validate(result.notebook)


def test_a_solution_cell_that_was_split_in_two_is_whole_again() -> None:
    first, second = "def helper(x):\n    return x.sum(1)", "def time_sum(x):\n    return helper(x)"
    cells = toy_cells(LEAKY, first)
    cells.insert(5, {**solution_cell(second, "time-sum"), "id": "split"})
    assert sources(rebuilt(cells)) == [*HONEST[:4], first, second, HONEST[5]]


def test_edited_unlocked_and_flipped_cells_change_nothing() -> None:
    cells = toy_cells(LEAKY, SUM)
    cells[3]["source"] = "3.0"
    cells[3]["metadata"]["nbgrader"] |= {"locked": False, "solution": True, "points": 1000}
    cells[2]["cell_type"] = "raw"  # the solution, flipped to text
    cells[5]["metadata"]["nbgrader"] |= {"grade": False, "points": 0}
    result = rebuilt(cells)
    assert sources(result) == HONEST
    assert [one.cell_type for one in result.notebook.cells] == ["markdown", *["code"] * 5]
    points = [
        one.metadata.nbgrader.points for one in result.notebook.cells if "points" in one.metadata.get("nbgrader", {})
    ]
    assert points == [3.0, 2.0]
    assert result.warnings == ["leaky-step-check: a locked cell was edited; the original was used"]


def test_graded_cells_of_the_students_own_making_earn_nothing() -> None:
    cells = [*toy_cells(LEAKY, SUM), check_cell("1000.0", "extra", 1000.0)]
    result = rebuilt(cells)
    assert sources(result) == [*HONEST, "1000.0"]
    assert result.notebook.cells[-1].metadata == {}


def test_unlocked_cells_of_ours_are_the_students_to_edit() -> None:
    cells = toy_cells(LEAKY, SUM)
    cells[1]["source"] = "import torch\nimport math"
    assert sources(rebuilt(cells))[1] == "import torch\nimport math"


def edited_without_ids(*sources: str) -> list[str]:
    """Return what runs of a student's cells without ids or metadata, where ours are three plain cells."""
    tree: Any = nbformat.from_dict(notebook([cell(text, id=f"p{n}") for n, text in enumerate(PLAIN)]))
    student = [{"cell_type": "code", "source": source, "metadata": {}} for source in sources]
    return sources_of(rebuild_notebook(tree, read_notebook(as_bytes(notebook(student)))))


PLAIN = ["N = 5", "import math\n\nSTEP = 2", "labels = ['a', 'b']"]


def sources_of(result: Rebuilt) -> list[str]:
    return [one.source for one in result.notebook.cells]


@pytest.mark.parametrize(
    ("handed_in", "runs"),
    [
        (PLAIN, PLAIN),
        (["N = 20", *PLAIN[1:]], ["N = 20", *PLAIN[1:]]),
        (["N = 20", "STEP = 3\n\nimport math", "labels = list('ab')"],) * 2,
        (["helper = 1; other = 2; third = 3", "N = 20", *PLAIN[1:]],) * 2,
        (["N = 20", "helper = [1, 2, 3]", *PLAIN[1:]],) * 2,
        (["for n in range(9): pass", *PLAIN[1:]],) * 2,  # alone between the same neighbours
        (PLAIN[1:], PLAIN),  # deleted: it comes back
        (["a(b)", "c(d)", *PLAIN[1:]], ["N = 5", "a(b)", "c(d)", *PLAIN[1:]]),  # what replaced it runs behind it
        ([*PLAIN, "N = 20"], [*PLAIN, "N = 20"]),
        (["N = 5", "N = 5", *PLAIN[1:]],) * 2,
    ],
)
def test_an_edited_cell_takes_the_place_of_ours(handed_in: list[str], runs: list[str]) -> None:
    assert edited_without_ids(*handed_in) == runs


def test_cells_that_are_alike_keep_their_order() -> None:
    ours = [cell(f"plt.plot(x{n})\nplt.show()", id=f"p{n}") for n in range(4)]
    tree: Any = nbformat.from_dict(notebook(ours))
    student = [{**one, "id": f"new-{n}", "source": one["source"] + "  # mine"} for n, one in enumerate(ours)]
    result = rebuild_notebook(tree, read_notebook(as_bytes(notebook(student))))
    assert sources_of(result) == [one["source"] for one in student]


def test_answers_are_told_from_what_was_handed_out() -> None:
    texts = {"a": "YOUR ANSWER HERE", "b": "YOUR ANSWER HERE", "c": "YOUR ANSWER HERE"}
    cells = [cell(text, "markdown", grade_id=name, grade=True, solution=True) for name, text in texts.items()]
    tree: Any = nbformat.from_dict(notebook(cells))
    student = [cells[0], {**cells[1], "source": "Because."}, {**cells[1], "source": "And so."}]
    assert rebuild_notebook(tree, read_notebook(as_bytes(notebook(student)))).answers == {
        "b": "Because.\n\nAnd so.",
        "c": None,
    }


def test_metadata_taken_away_by_a_converter_is_made_up_for_by_cell_ids() -> None:
    cells = toy_cells(LEAKY, SUM)
    for one in cells:
        one["metadata"] = {}
    assert sources(rebuilt(cells)) == HONEST


def test_outputs_metadata_and_kernel_of_the_submission_are_dropped() -> None:
    cells = toy_cells(LEAKY, SUM)
    for one in cells:
        one["metadata"] |= {"tags": ["skip-execution"], "trusted": True}
        if one["cell_type"] == "code":
            one["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "forged"}]
    tree = notebook(cells) | {"metadata": {"kernelspec": {"name": "bash"}, "widgets": [1]}}
    result = rebuild_notebook(base(), read_notebook(as_bytes(tree)))
    assert "forged" not in json.dumps(result.notebook)
    assert "skip-execution" not in json.dumps(result.notebook)
    assert result.notebook.metadata.kernelspec.name == "python3"
    assert set(result.notebook.metadata) == {"kernelspec"}


@pytest.mark.parametrize(
    ("blob", "words"),
    [
        (b"", "an empty file"),
        (b"   \n", "an empty file"),
        (b"{", "not a notebook"),
        (b"\xff\xfe\x00", "not a notebook"),
        (b"[]", "no list of cells"),
        (b'{"cells": 3}', "no list of cells"),
        (b'{"worksheets": [3]}', "not a notebook"),
        (b"[" * 100_000, "not a notebook"),
        (b'{"cells": [' + b"{}," * 6000 + b"{}]}", "more than 5000 cells"),
        (as_bytes(notebook([cell("x" * 700_000, id=f"c{n}") for n in range(7)])), "4 million characters of code"),
    ],
)
def test_what_is_no_notebook_is_said_in_words(blob: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        read_notebook(blob)


def test_a_file_that_fills_the_memory_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: str) -> Any:
        raise MemoryError

    monkeypatch.setattr(json, "loads", full)
    with pytest.raises(UnreadableError, match="too many parts"):
        read_notebook(b"[[]]")


def test_broken_parts_of_a_notebook_are_passed_over() -> None:
    cells: list[Any] = [
        3,
        None,
        {},
        {"cell_type": [], "source": {}, "metadata": 7, "id": 5},
        {"cell_type": "code", "source": [1, "x = ", None, "1"], "metadata": {"nbgrader": []}},
        {"cell_type": "code", "source": "y = '\ud800'", "metadata": {"nbgrader": {"grade_id": {}}}},
    ]
    read = read_notebook(as_bytes({"cells": cells}))
    assert [one.source for one in read] == ["", "", "x = 1", "y = '?'"]


def test_notebooks_of_the_third_format_are_read() -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [
            {"cells": [{"cell_type": "code", "input": ["x = 1"], "language": "python", "outputs": [], "metadata": {}}]}
        ],
    }
    assert [one.source for one in read_notebook(as_bytes(old))] == ["x = 1"]
