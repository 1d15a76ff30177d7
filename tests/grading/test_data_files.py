from pathlib import Path

import pytest

from seqviz.grading.data_files import copy_files, files_beside, files_of, hash_of
from seqviz.grading.errors import WrongUseError


def write(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


BESIDE = ("hw.ipynb", "other.ipynb", "data.csv", "helper.py", "deep/more.csv", ".secret", "deep/.hidden", "g.sqlite")


def test_in_nbgraders_layout_all_but_notebooks_is_the_assignments(tmp_path: Path) -> None:
    folder = write(tmp_path / "source" / "hw", *BESIDE)
    assert [*files_beside(folder / "hw.ipynb", [])] == ["data.csv", "deep/more.csv", "helper.py"]


def test_elsewhere_folders_and_what_is_private_are_not(tmp_path: Path) -> None:
    folder = write(tmp_path / "course", *BESIDE, "roster.csv", "results/gradebook.csv", "solutions/hw.py", "all.zip")
    private = [folder / "roster.csv", folder / "results", folder / "all.zip"]
    assert [*files_beside(folder / "hw.ipynb", private)] == ["data.csv", "helper.py"]
    (folder / "link.csv").symlink_to(folder / "roster.csv")
    assert [*files_beside(folder / "hw.ipynb", private)] == ["data.csv", "helper.py"]


def test_private_folders_are_not_shown_in_nbgraders_layout_either(tmp_path: Path) -> None:
    folder = write(tmp_path / "source" / "hw", "hw.ipynb", "data.csv", "results/a.csv")
    assert [*files_beside(folder / "hw.ipynb", [folder / "results"])] == ["data.csv"]


def test_a_folder_that_was_named_is_shown_whole_or_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.csv", "deep/b.ipynb")
    assert [*files_of(folder, [tmp_path / "results"])] == ["a.csv", "deep/b.ipynb"]
    with pytest.raises(WrongUseError, match="students would see"):
        files_of(folder, [folder / "deep"])
    with pytest.raises(WrongUseError, match="no such folder"):
        files_of(tmp_path / "nowhere", [])


def test_copies_are_whole_and_can_be_read_by_every_user(tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.csv", "deep/b.csv")
    files = files_of(folder, [])
    copy_files(files, tmp_path / "copy")
    copy = tmp_path / "copy" / "deep" / "b.csv"
    assert copy.read_text() == "deep/b.csv"
    assert copy.stat().st_mode & 0o777 == 0o644
    (folder / "a.csv").unlink()
    with pytest.raises(WrongUseError, match=r"a\.csv: cannot be copied"):
        copy_files(files, tmp_path / "gone")


def test_a_hash_depends_on_names_and_contents(tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.csv", "deep/b.csv")
    files = files_of(folder, [])
    first = hash_of(files)
    assert hash_of(dict(files)) == first
    assert hash_of({"c.csv": files["a.csv"], "deep/b.csv": files["deep/b.csv"]}) != first
    (folder / "a.csv").write_text("other")
    assert hash_of(files) != first
    assert hash_of({}) == ""
    (folder / "a.csv").unlink()
    with pytest.raises(WrongUseError, match=r"a\.csv: cannot be read"):
        hash_of(files)
