"""The student bundle, installed where nothing else is, by the command of its README."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from seqviz.lab.install import environment_python
from seqviz.publish.bundle import write_bundle
from seqviz.publish.notebook import grading
from seqviz.publish.release import released_files, solution_stems
from tests.exercises.course import ROOT, tasks
from tests.publish.test_bundle import secrets, stripped, text_of

pytestmark = pytest.mark.slow
STEM = "02_unrolling"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("student") / "sequences"
    write_bundle(ROOT, released_files(ROOT, solution_stems(ROOT)), folder)
    return folder


@pytest.fixture(scope="module")
def python(bundle: Path) -> Path:
    assert "\npython start.py\n" in (bundle / "README.md").read_text()
    subprocess.run([sys.executable, "start.py", "--install-only"], cwd=bundle, check=True)
    return environment_python(bundle)


def execute(python: Path, book: nbformat.NotebookNode, folder: Path, data: Path) -> dict[str, dict]:
    """Run a notebook in the bundle's environment and return the last output's data of every cell."""
    path = folder / "mine.ipynb"
    nbformat.write(book, path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER"))}
    command = [python, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout", path.name]
    done = subprocess.run(
        command, cwd=folder, env=environment | {"SEQVIZ_DATA_DIR": str(data)}, capture_output=True, check=True
    )
    cells = nbformat.reads(done.stdout.decode(), as_version=4).cells
    return {cell.id: cell.outputs[-1].get("data", {}) for cell in cells if cell.get("outputs")}


def with_answers(bundle: Path) -> nbformat.NotebookNode:
    book = nbformat.read(bundle / "exercises" / f"{STEM}.ipynb", as_version=4)
    answers = {one.asked.name: one.solution_source for one in tasks() if one.asked.name != "leaky_step"}
    for cell in book.cells:
        cell.source = answers.get(grading(cell).get("grade_id", ""), cell.source)
    return book


def test_a_student_works_in_it(bundle: Path, python: Path, tmp_path: Path):
    outputs = execute(python, with_answers(bundle), bundle / "exercises", tmp_path / "data")
    assert outputs["compact-step-check"]["text/plain"] == "2.0"
    assert outputs["leaky-step-check"]["text/plain"] == "0.0"
    assert "NotImplementedError" in outputs["leaky-step-check"]["text/html"]
    assert "application/vnd.plotly.v1+json" in outputs["one-to-many-picture"]
    assert outputs["progress"]["text/plain"].startswith(f"3 of {len(tasks())} exercises pass")


def test_a_notebook_elsewhere_finds_the_checks(bundle: Path, python: Path, tmp_path: Path):
    outputs = execute(python, with_answers(bundle), tmp_path, tmp_path / "data")
    assert outputs["masked-forward-check"]["text/plain"] == "4.0"


def test_neither_bundle_nor_environment_holds_a_solution(bundle: Path, python: Path):
    command = [python, "-c", "import seqviz; print(seqviz.__path__[0])"]
    package = Path(
        subprocess.run(command, cwd=python.parent, capture_output=True, text=True, check=True).stdout.strip()
    )
    assert package == bundle / "seqviz"
    installed = bundle / ".venv" / ("Lib" if sys.platform == "win32" else "lib")
    files = [*package.rglob("*"), *installed.rglob("seqviz*/**/*")]
    texts = {path: stripped(text_of(path)) for path in files if path.is_file() and path.suffix != ".pyc"}
    assert any(path.name == "leaky_step.safetensors" for path in texts)
    for secret in secrets():
        assert [path for path, text in texts.items() if secret in text] == []
    assert not [path for path in bundle.rglob("solutions") if ".venv" not in path.parts]
