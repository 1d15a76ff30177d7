"""A notebook is run once, and again when anything that it may use has changed."""

import json
from types import SimpleNamespace

import nbformat
import pytest

from tests.notebooks import executed as runs
from tests.notebooks.writing import write_notebook

# names in an order that is not the alphabet's, as the controls of a recording are
OUTPUT = {"output_type": "display_data", "data": {"application/json": {"right": 1, "noise": 2}}, "metadata": {}}


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr(runs, "CHAPTERS", tmp_path)
    monkeypatch.setattr(runs, "PASSED", runs.Counter())
    return write_notebook(tmp_path / "01_first.ipynb", "# A chapter", "1", "2")


def passed(notebook, number, cells):
    """Tell what nbval tells when a cell has passed."""
    item = SimpleNamespace(
        path=notebook,
        cell=cells.cells[number],
        test_outputs=[nbformat.from_dict(OUTPUT)],
        parent=SimpleNamespace(nb=cells),
    )
    runs.pytest_runtest_makereport(item, SimpleNamespace(when="call", excinfo=None))


def test_the_run_of_nbval_is_kept_when_its_last_cell_has_passed(notebook, monkeypatch):
    monkeypatch.setattr(runs.execute, "executed", pytest.fail)  # nobody runs it again
    monkeypatch.setenv("SEQVIZ_RECORD", "1")
    cells = nbformat.read(notebook, as_version=4)
    passed(notebook, 1, cells)
    assert not runs.place(notebook).exists()
    passed(notebook, 2, cells)
    (output,) = runs.executed(notebook).cells[2].outputs
    assert json.dumps(output.data) == json.dumps(OUTPUT["data"])


def test_the_solutions_of_the_same_name_do_not_take_the_place_of_the_chapter(notebook, monkeypatch, tmp_path):
    monkeypatch.setenv("SEQVIZ_RECORD", "1")
    (tmp_path / "solutions").mkdir()
    solutions = write_notebook(tmp_path / "solutions" / notebook.name, "# Exercises", "3")
    chapter, exercises = (nbformat.read(path, as_version=4) for path in (notebook, solutions))
    for number in (1, 2):
        passed(notebook, number, chapter)
    passed(solutions, 1, exercises)
    assert runs.place(notebook).exists()
    assert not runs.place(solutions).exists()


def test_a_run_that_recorded_nothing_is_not_kept(notebook, monkeypatch):
    monkeypatch.delenv("SEQVIZ_RECORD", raising=False)
    cells = nbformat.read(notebook, as_version=4)
    for number in (1, 2):
        passed(notebook, number, cells)
    assert not runs.place(notebook).exists()


def test_a_notebook_is_run_again_when_it_changed_and_only_then(notebook, monkeypatch):
    asked = []

    def execute(path):
        asked.append(path)
        return nbformat.read(path, as_version=4)

    monkeypatch.setattr(runs.execute, "executed", execute)
    assert runs.executed(notebook) == runs.executed(notebook)
    assert asked == [notebook]
    write_notebook(notebook, "# A chapter", "1", "3")
    assert runs.executed(notebook).cells[2].source == "3"
    assert asked == [notebook] * 2
    assert len(list(runs.FOLDER.iterdir())) == 1


def test_a_change_of_the_package_is_a_change_too(notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "ROOT", tmp_path)
    for path in ("seqviz/a.py", "exercises/checks/a.json", "constraints.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("1")
    places = [runs.place(notebook)]
    for path in ("seqviz/a.py", "exercises/checks/a.json", "constraints.txt"):
        (tmp_path / path).write_text("2")
        places.append(runs.place(notebook))
    assert len(set(places)) == 4
