"""What students get: all they need, and nothing of the solutions."""

import inspect
from pathlib import Path

import nbformat
import pytest

from seqviz.checks.check_file import load_exercises
from seqviz.cli import main
from seqviz.publish.bundle import write_bundle
from seqviz.publish.errors import ReleaseError
from seqviz.publish.release import released_files, solution_stems
from tests.publish.course import STEM, write_course

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "course"
    write_course(root)
    for name in (
        "notebooks/04_toy.ipynb",
        "seqviz/__init__.py",
        "seqviz/__pycache__/old.pyc",
        "pyproject.toml",
        "LICENSE",
        "start.py",
        "docs/notation.md",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    for secret in (
        "tests/test_solutions.py",
        "benchmarks/x.py",
        "docs/instructors.md",
        "notebooks/.ipynb_checkpoints/x.ipynb",
        "results/gradebook",
    ):
        (root / secret).parent.mkdir(parents=True, exist_ok=True)
        (root / secret).write_text("a secret reason")
    monkeypatch.chdir(root)
    return root


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_it_holds_exercises_chapters_package_and_what_installs_it(root: Path, tmp_path: Path):
    assert main(["release", "--student-bundle", str(tmp_path / "out")]) == 0
    assert names(tmp_path / "out") == [
        "LICENSE",
        "README.md",
        "docs/notation.md",
        f"exercises/{STEM}.ipynb",
        "exercises/checks/double.json",
        "exercises/checks/double.safetensors",
        "notebooks/04_toy.ipynb",
        "pyproject.toml",
        "seqviz/__init__.py",
        "start.py",
    ]
    for path in (tmp_path / "out").rglob("*"):
        assert not path.is_file() or b"secret" not in path.read_bytes()
    assert "\npython start.py\n" in (tmp_path / "out" / "README.md").read_text()


def test_only_the_chapters_asked_for_are_handed_out(root: Path, tmp_path: Path):
    changed = (root / "solutions" / f"{STEM}.ipynb").read_text().replace("double", "other")
    (root / "solutions" / "05_later.ipynb").write_text(changed)
    check = (root / "solutions" / "checks" / "toy.py").read_text().replace("double", "other")
    (root / "solutions" / "checks" / "later.py").write_text(check)
    assert main(["release"]) == 0
    assert main(["release", STEM, "--student-bundle", str(tmp_path / "out")]) == 0
    assert [name for name in names(tmp_path / "out") if name.startswith("exercises")] == [
        f"exercises/{STEM}.ipynb",
        "exercises/checks/double.json",
        "exercises/checks/double.safetensors",
    ]


def test_an_empty_folder_is_filled_and_a_full_one_refused(root: Path, tmp_path: Path):
    folder = tmp_path / "out"
    folder.mkdir()
    files = released_files(root, [STEM])
    write_bundle(root, files, folder)
    assert (folder / "README.md").exists()
    before = names(folder)
    with pytest.raises(ReleaseError, match="needs a new or an empty folder"):
        write_bundle(root, files, folder)
    assert names(folder) == before


def test_what_fails_on_the_way_leaves_nothing(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("seqviz.publish.bundle._README", tmp_path / "missing")
    assert main(["release", "--student-bundle", str(tmp_path / "deep" / "out")]) == 1
    assert list((tmp_path / "deep").iterdir()) == []


def test_our_own_bundle_holds_no_solution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    write_bundle(ROOT, released_files(ROOT, solution_stems(ROOT)), tmp_path / "out")
    got = names(tmp_path / "out")
    assert {"README.md", "pyproject.toml", "constraints.txt", "start.py", "seqviz/__init__.py"} <= set(got)
    assert {name.split("/")[0] for name in got if "/" in name} == {"docs", "exercises", "notebooks", "seqviz"}
    bundle = {name: stripped(text_of(tmp_path / "out" / name)) for name in got}
    assert len(secrets()) > 50
    for secret in secrets():
        assert [name for name, text in bundle.items() if secret in text] == []


def secrets() -> list[str]:
    """Return the bodies of all references and mistakes, and what explains the solutions."""
    functions = []
    for path in (ROOT / "solutions" / "checks").glob("*.py"):
        for one in load_exercises(path).values():
            functions += [one.reference, *(known.function for known in one.mistakes)]
    bodies = [inspect.getsource(function).partition("):\n")[2] for function in functions]
    return ["**Why.**", *(stripped(body) for body in bodies if len(body) > 50)]


def text_of(path: Path) -> str:
    text = path.read_text("utf-8", errors="replace")
    if path.suffix == ".ipynb":
        return "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
    return text


def stripped(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines()).strip()
