"""`seqviz release` as it is typed: exit codes, and what it says."""

from pathlib import Path

import pytest

from seqviz.cli import main
from tests.publish.course import STEM, cells, notebook, write_course


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_release_check_release_check(root: Path, capsys):
    assert main(["release", "--check"]) == 1
    said = capsys.readouterr().err
    for name in (f"exercises/{STEM}.ipynb", "exercises/checks/double.json", "exercises/checks/double.safetensors"):
        assert f"{name} does not follow from solutions/" in said
    assert not (root / "exercises").exists()
    assert main(["release"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"wrote exercises/{STEM}.ipynb",
        "wrote exercises/checks/double.json",
        "wrote exercises/checks/double.safetensors",
    ]
    assert main(["release", "--check"]) == 0
    assert capsys.readouterr() == ("", "")


def test_an_edited_exercise_is_named(root: Path, capsys):
    main(["release"])
    path = root / "exercises" / f"{STEM}.ipynb"
    path.write_text(path.read_text().replace("Toy", "Edited"))
    capsys.readouterr()
    assert main(["release", "--check", STEM]) == 1
    assert capsys.readouterr().err.startswith(f"exercises/{STEM}.ipynb does not follow")


def test_an_unknown_stem_is_wrong_use(root: Path, capsys):
    assert main(["release", "99_nothing"]) == 2
    assert f"no solutions/99_nothing.ipynb; there is {STEM}" in capsys.readouterr().err


def test_check_and_bundle_together_are_wrong_use(root: Path):
    with pytest.raises(SystemExit) as raised:
        main(["release", "--check", "--student-bundle", "out"])
    assert raised.value.code == 2


def test_a_broken_notebook_is_named_and_nothing_is_written(root: Path, capsys):
    changed = cells()
    changed["code"].source = "def double(x):\n    return 2 * x"
    write_course(root, notebook(changed))
    for arguments in (["release"], ["release", "--check"], ["release", "--student-bundle", "out"]):
        assert main(arguments) == 1
        assert f"{STEM}.ipynb, cell 3 (double): a solution cell without" in capsys.readouterr().err
    assert sorted(path.name for path in root.iterdir()) == ["solutions"]


def test_outside_a_course_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["release"]) == 1
    assert "no folder solutions/ here or above" in capsys.readouterr().err


def test_our_own_exercises_follow_from_our_solutions(monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.chdir(Path(__file__).parents[2])
    assert main(["release", "--check"]) == 0, capsys.readouterr().err
