"""A check file runs with the files beside it, leaves nothing behind, and an error names the file it comes from."""

import inspect
import sys
from pathlib import Path

import pytest

from seqviz.checks.authoring import ExerciseError
from seqviz.checks.check_file import check_sources, load_exercises

SHARING = """
from seqviz.checks import exercise

from .common import FACTOR, drawn


@exercise(returns="y:", groups={"all": 1})
class scaled:
    def inputs(generator):
        yield "all", {"x": drawn()}

    def reference(x):
        return FACTOR * x
"""


def write_sharing(folder: Path, factor: int) -> Path:
    folder.mkdir(parents=True)
    (folder / "common.py").write_text(f"FACTOR = {factor}\n\n\ndef drawn():\n    return 1\n")
    (folder / "one.py").write_text(SHARING)
    return folder / "one.py"


def test_a_check_file_is_loaded_in_its_order():
    exercises = load_exercises(Path(__file__).with_name("toy.py"))
    assert list(exercises) == ["leaky", "double_and_half"]
    assert exercises["leaky"].reference.__name__ == "reference"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("def (", "SyntaxError"),
        (
            "from seqviz.checks import exercise\n@exercise(returns='x:', groups={'a': 1})\nclass x: pass",
            "no function inputs",
        ),
    ],
)
def test_a_broken_check_file_is_named(tmp_path: Path, text: str, words: str):
    path = tmp_path / "broken.py"
    path.write_text(text)
    with pytest.raises(ExerciseError, match=f"broken.py: .*{words}"):
        load_exercises(path)


def test_a_missing_check_file_is_named(tmp_path: Path):
    with pytest.raises(ExerciseError, match=r"none\.py: FileNotFoundError"):
        load_exercises(tmp_path / "none.py")


def test_the_drivers_source_is_kept(tmp_path: Path):
    path = tmp_path / "driven.py"
    path.write_text(
        "from seqviz.checks import exercise\n"
        "@exercise(returns='y:', groups={'all': 1})\n"
        "class twice:\n"
        "    def inputs(generator):\n        yield 'all', {'x': 1}\n"
        "    def reference(x):\n        return 2 * x\n"
        "    def drive(student, x):\n        return student(x)\n"
    )
    driven = load_exercises(path)["twice"]
    assert driven.driver == "def drive(student, x):\n    return student(x)\n"
    assert driven.drive is not None


def test_a_check_file_imports_from_the_file_beside_it(tmp_path: Path):
    assert load_exercises(write_sharing(tmp_path / "checks", 3))["scaled"].reference(2) == 6


def test_two_courses_in_one_process_do_not_mix(tmp_path: Path):
    courses = [load_exercises(write_sharing(tmp_path / f"{n}" / "checks", n)) for n in (3, 5)]
    assert [course["scaled"].reference(1) for course in courses] == [3, 5]


def test_a_changed_file_beside_it_is_read_anew(tmp_path: Path):
    path = write_sharing(tmp_path / "checks", 3)
    load_exercises(path)
    path.with_name("common.py").write_text("from .other import *\n")
    path.with_name("other.py").write_text("FACTOR = 70\n\n\ndef drawn():\n    return 1\n")
    assert load_exercises(path)["scaled"].reference(1) == 70


def test_a_load_leaves_nothing_behind(tmp_path: Path):
    path = write_sharing(tmp_path / "checks", 3)
    modules, search_path = set(sys.modules), list(sys.path)
    reference = load_exercises(path)["scaled"].reference
    path.with_name("common.py").write_text("1 / 0")
    with pytest.raises(ExerciseError):
        load_exercises(path)
    assert (set(sys.modules), sys.path) == (modules, search_path)
    assert "return FACTOR * x" in inspect.getsource(reference)  # the gallery of mistakes shows sources


def test_a_folder_named_like_a_module_hides_none(tmp_path: Path):
    path = write_sharing(tmp_path / "checks", 3)
    path.with_name("json.py").write_text("raise ImportError('the wrong json')")
    path.write_text(path.read_text() + "\nimport json\n\njson.dumps({})\n")
    assert "scaled" in load_exercises(path)


@pytest.mark.parametrize("text", ["1 / 0", "def (", "from seqviz.checks import nothing_of_that_name"])
def test_an_error_in_the_file_beside_it_names_that_file(tmp_path: Path, text: str):
    path = write_sharing(tmp_path / "checks", 3)
    path.with_name("common.py").write_text(text)
    with pytest.raises(ExerciseError) as raised:
        load_exercises(path)
    assert str(raised.value).startswith(f"{path.with_name('common.py')}: ")


def test_a_missing_file_beside_it_is_named(tmp_path: Path):
    path = write_sharing(tmp_path / "checks", 3)
    path.with_name("common.py").unlink()
    with pytest.raises(ExerciseError, match=r"one\.py: ModuleNotFoundError: .*\.common"):
        load_exercises(path)


def test_the_sources_of_a_check_file_are_those_it_imports(tmp_path: Path):
    path = write_sharing(tmp_path / "checks", 3)
    path.with_name("unused.py").write_text("1 / 0")
    path.with_name("common.py").write_text("from . import deep\nfrom .one import scaled\n")
    path.with_name("deep.py").write_text("import torch\n")
    names = [source.name for source in check_sources(path)]
    assert names == ["one.py", "common.py", "deep.py"]


def test_a_source_that_cannot_be_read_is_named(tmp_path: Path):
    path = write_sharing(tmp_path / "checks", 3)
    path.with_name("common.py").write_text("def (")
    with pytest.raises(ExerciseError, match=r"common\.py: SyntaxError"):
        check_sources(path)
    path.with_name("common.py").unlink()
    with pytest.raises(FileNotFoundError, match=r"common\.py"):
        check_sources(path)
