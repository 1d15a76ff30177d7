"""What has to be covered so that nothing of a course is seen in what kernels see."""

from pathlib import Path

import pytest

from seqviz.grading.command import _course_of
from seqviz.grading.hiding import VisibleError, covers, secrets_of


def test_what_lies_in_a_visible_folder_is_covered_and_nothing_else(tmp_path: Path) -> None:
    shown, course, elsewhere = tmp_path / "shown", tmp_path / "shown" / "course", tmp_path / "shown-not"
    for folder in (course, elsewhere):
        folder.mkdir(parents=True)
    assert str(course) in covers([course, elsewhere], [str(shown)])
    assert str(elsewhere) not in covers([course, elsewhere], [str(shown)])
    (tmp_path / "link").symlink_to(shown)
    assert str(tmp_path / "link" / "course") in covers([course], [str(tmp_path / "link")])


@pytest.mark.parametrize("place", ["shown", "shown/not-made-yet"])
def test_what_cannot_be_covered_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "shown").mkdir()
    with pytest.raises(VisibleError, match=place):
        covers([tmp_path / place], [str(tmp_path / "shown")])


def test_solutions_that_are_kept_elsewhere_belong_to_the_course(tmp_path: Path) -> None:
    course, kept = tmp_path / "course", tmp_path / "kept"
    for folder in (course / "solutions" / "checks", kept):
        folder.mkdir(parents=True)
    (kept / "toy.py").touch()
    (course / "solutions" / "checks" / "toy.py").symlink_to(kept / "toy.py")
    (course / "solutions" / "again").symlink_to(course / "solutions" / "checks")
    (course / "solutions" / "nowhere").symlink_to(tmp_path / "nowhere")
    assert [path.resolve() for path in secrets_of(course)] == [course, kept / "toy.py"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "solutions").symlink_to(kept)
    assert [path.resolve() for path in secrets_of(tmp_path / "other")] == [tmp_path / "other", kept]


def test_an_nbgrader_course_is_all_of_its_folder(tmp_path: Path) -> None:
    assert _course_of(tmp_path / "source" / "ps1" / "ps1.ipynb") == tmp_path
    assert _course_of(tmp_path / "ps1" / "ps1.ipynb") == tmp_path / "ps1"
