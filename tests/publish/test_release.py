"""What a release writes follows from the solutions, is written whole or not at all, and is compared with sense."""

from pathlib import Path

import numpy as np
import pytest

from seqviz.checks import check_against
from seqviz.checks.compiled import find_check, from_files
from seqviz.checks.values import from_bytes, to_bytes
from seqviz.publish import release
from seqviz.publish.errors import ReleaseError
from seqviz.publish.release import differing, released_files, solution_stems, write
from tests.publish.course import CHECK, STEM, cells, notebook, write_course

NAMES = [Path("exercises", name) for name in (f"{STEM}.ipynb", "checks/double.json", "checks/double.safetensors")]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_course(tmp_path)
    return tmp_path


def released(root: Path) -> dict[Path, bytes]:
    files = released_files(root, solution_stems(root))
    write(root, files, differing(root, files, whole=True))
    return files


def files_below(root: Path) -> list[Path]:
    return sorted(path.relative_to(root) for path in (root / "exercises").rglob("*") if path.is_file())


def test_it_writes_the_notebook_and_its_checks(root: Path):
    files = released(root)
    assert list(files) == NAMES
    assert files_below(root) == sorted(NAMES)
    assert all((root / path).read_bytes() == data for path, data in files.items())
    check = find_check("double", root / "exercises")
    assert (check.points, check.assignment, check.number) == (2.0, STEM, "04.1")
    assert check_against(check, lambda x: x + x).passed
    assert check_against(check, lambda x: x * x).mistake == "squared"


def test_a_second_release_has_nothing_to_do(root: Path):
    files = released(root)
    assert differing(root, files, whole=True) == []
    assert differing(root, released_files(root, [STEM]), whole=True) == []


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_a_changed_or_missing_file_differs(root: Path, name: Path):
    files = released(root)
    (root / name).write_bytes((root / name).read_bytes() + b" ")
    assert differing(root, files, whole=True) == [name]
    (root / name).unlink()
    assert differing(root, files, whole=True) == [name]


def test_numbers_that_differ_in_the_last_bits_do_not_differ(root: Path):
    """Another processor multiplies matrices in another order."""
    files, path = released(root), root / NAMES[2]
    value = from_bytes(path.read_bytes())
    value["expected"][0] = value["expected"][0] * (1 + 1e-14)
    path.write_bytes(to_bytes(value))
    assert path.read_bytes() != files[NAMES[2]]
    assert differing(root, files, whole=True) == []
    value["expected"][0] = value["expected"][0] * (1 + 1e-6)
    path.write_bytes(to_bytes(value))
    assert differing(root, files, whole=True) == [NAMES[2]]


def test_numbers_may_differ_by_a_part_of_what_the_check_lets_pass(tmp_path: Path):
    write_course(tmp_path, check=CHECK.replace("@exercise(", "@exercise(tolerance=1e-5, "))
    files, path = released(tmp_path), tmp_path / NAMES[2]
    value = from_bytes(path.read_bytes())
    expected = value["expected"][0]
    for factor, differs in ((1 + 1e-7, []), (1 + 1e-5, [NAMES[2]])):
        value["expected"][0] = expected * factor
        path.write_bytes(to_bytes(value))
        assert differing(tmp_path, files, whole=True) == differs


def test_what_nothing_accounts_for_differs_and_is_removed(root: Path):
    released(root)
    left_over = [
        Path("exercises/05_old.ipynb"),
        Path("exercises/checks/old.json"),
        Path("exercises/checks/old.safetensors"),
    ]
    for path in left_over:
        (root / path).write_bytes(b"")
    files = released_files(root, [STEM])
    assert differing(root, files, whole=False) == []
    assert differing(root, files, whole=True) == left_over
    write(root, files, left_over)
    assert files_below(root) == sorted(NAMES)


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (CHECK.replace("(2, 3)", "()"), "double: inputs draw no case"),
        (CHECK.replace("return 2 * x", "return x.mul_(2)"), "double: the reference fails its own check in case 1"),
        (CHECK.replace("return 2 * x", "return object()"), "double: the reference gives no answer"),
        (CHECK.replace("normal(generator, batch)", "1 / 0"), "double: ZeroDivisionError"),
        (CHECK.replace("double", "triple"), "triple is no exercise of"),
        ("", "has no exercise double"),
        ("def (", "SyntaxError"),
    ],
)
def test_a_bad_check_stops_it_with_the_file_named(tmp_path: Path, check: str, words: str):
    write_course(tmp_path, check=check)
    with pytest.raises(ReleaseError) as raised:
        released(tmp_path)
    assert words in str(raised.value)
    assert str(tmp_path / "solutions" / "checks" / "toy.py") in str(raised.value)
    if check == CHECK.replace("double", "triple") or "exercise" not in check:
        return  # no cell to name
    assert str(raised.value).startswith(f"{tmp_path / 'solutions' / '04_toy.ipynb'}, cell 4 (check_double): ")
    assert not (tmp_path / "exercises").exists()


def share(root: Path, factor: int) -> None:
    """Let the check file take its factor from common.py."""
    checks = root / "solutions" / "checks"
    (checks / "common.py").write_text(f"FACTOR = {factor}\n")
    (checks / "toy.py").write_text(f"from .common import FACTOR\n{CHECK.replace('return 2 * x', 'return FACTOR * x')}")


def test_what_check_files_share_is_part_of_the_release_and_no_chapter(root: Path):
    share(root, 2)
    assert list(released(root)) == NAMES
    share(root, 30)
    assert differing(root, released_files(root, [STEM]), whole=True) == [NAMES[2]]


def test_an_error_in_what_check_files_share_names_its_file(root: Path):
    share(root, 2)
    (root / "solutions" / "checks" / "common.py").write_text("FACTOR = 1 / 0")
    with pytest.raises(ReleaseError, match=r"common\.py: ZeroDivisionError"):
        released(root)


def test_a_missing_check_file_stops_it(root: Path):
    (root / "solutions" / "checks" / "toy.py").unlink()
    with pytest.raises(ReleaseError, match="its checks are expected in"):
        released(root)


def test_one_name_in_two_notebooks_stops_it(root: Path):
    (root / "solutions" / "05_other.ipynb").write_bytes((root / "solutions" / f"{STEM}.ipynb").read_bytes())
    (root / "solutions" / "checks" / "other.py").write_text(CHECK)
    with pytest.raises(
        ReleaseError, match=r"05_other.ipynb, cell 4 \(check_double\): double is already an exercise of"
    ):
        released(root)


def test_a_broken_cell_leaves_the_old_release_as_it_was(root: Path):
    before = released(root)
    changed = cells()
    changed["code"].source = "def double(x):\n    return 2 * x"
    write_course(root, notebook(changed), CHECK.replace("2 * x", "3 * x"))
    with pytest.raises(ReleaseError):
        released(root)
    assert {path: (root / path).read_bytes() for path in files_below(root)} == before


def test_a_full_disk_leaves_nothing_half_written(root: Path, monkeypatch: pytest.MonkeyPatch):
    files, written = released_files(root, [STEM]), []

    def full(target: Path, data: bytes) -> Path:
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        written.append(target)
        return original(target, data)

    original = release._write_beside
    monkeypatch.setattr(release, "_write_beside", full)
    with pytest.raises(OSError, match="No space"):
        write(root, files, NAMES)
    assert len(written) == 2
    assert files_below(root) == []


def test_a_crash_while_one_file_is_written_leaves_no_part_of_it(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(release.os, "fdopen", lambda *arguments: (_ for _ in ()).throw(OSError(5, "I/O error")))
    with pytest.raises(OSError, match="I/O"):
        write(root, released_files(root, [STEM]), NAMES)
    assert files_below(root) == []


def test_the_data_is_what_the_reference_gives(root: Path):
    files = released(root)
    check = from_files(files[NAMES[1]], files[NAMES[2]])
    for case, expected in zip(check.cases, check.expected, strict=True):
        np.testing.assert_allclose(expected, 2 * case.arguments["x"])
