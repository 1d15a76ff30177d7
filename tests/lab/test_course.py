"""Copying the course: a student's work is never lost, and what they did not touch is always the newest."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from seqviz.lab import course as module
from seqviz.lab.course import RECORD, copy_course, course_folder, fingerprint

NAMES = ("notebooks/00_start_here.ipynb", "exercises/02_unrolling.ipynb", "docs/notation.md")


def notebook(text: str, **cell) -> bytes:
    cells = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": [], **cell}]
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()


def content(name: str, text: str) -> bytes:
    return notebook(text) if name.endswith(".ipynb") else text.encode()


def write(folder: Path, name: str, data: bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for name in (*NAMES, "solutions/02_unrolling.ipynb", "exercises/checks/x.json", "README.md"):
        write(tmp_path / "course", name, content(name, "first"))
    return tmp_path / "course"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mine"


def test_chapters_and_exercises_are_copied_and_nothing_else(course, folder):
    copied = copy_course(course, folder)
    assert (sorted(copied.new), copied.updated, copied.kept) == (sorted(NAMES), [], [])
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {*NAMES, RECORD}
    assert all((folder / name).read_bytes() == (course / name).read_bytes() for name in NAMES)


def test_what_running_a_notebook_leaves_is_no_work(course, folder):
    copy_course(course, folder)
    ran = notebook("first", outputs=["a plot"], execution_count=3, id="new", metadata={"execution": {}})
    write(folder, NAMES[1], ran)
    assert copy_course(course, folder).kept == []
    assert (folder / NAMES[1]).read_bytes() == ran, "nothing newer: outputs stay"
    write(course, NAMES[1], notebook("second"))
    assert copy_course(course, folder).updated == [NAMES[1]]
    assert (folder / NAMES[1]).read_bytes() == notebook("second")


@pytest.mark.parametrize(
    "work",
    [
        notebook("mine"),
        notebook("first", attachments={"photo.png": {}}),
        notebook("first", cell_type="markdown"),
        b'{"cells": 3}',
        b"not json",
        b"",
    ],
)
def test_work_stays_and_what_is_newer_is_named(course, folder, work):
    copy_course(course, folder)
    write(folder, NAMES[1], work)
    assert copy_course(course, folder).kept == [], "nothing is newer than what they began with"
    write(course, NAMES[1], notebook("second"))
    copied = copy_course(course, folder)
    assert (copied.new, copied.updated, copied.kept) == ([], [], [NAMES[1]])
    assert (folder / NAMES[1]).read_bytes() == work


@pytest.mark.parametrize("record", [b"not json", b"[1, 2]", None])
def test_without_a_record_all_that_differs_counts_as_work(course, folder, record):
    copy_course(course, folder)
    write(folder, NAMES[1], notebook("mine"))
    if record is None:
        (folder / RECORD).unlink()
    else:
        (folder / RECORD).write_bytes(record)
    assert copy_course(course, folder).kept == [NAMES[1]]
    assert (folder / NAMES[1]).read_bytes() == notebook("mine")


def test_a_folder_in_the_place_of_a_file_stays(course, folder):
    (folder / NAMES[1]).mkdir(parents=True)
    assert copy_course(course, folder).kept == [NAMES[1]]


def test_a_source_is_the_same_as_one_text_or_as_lines():
    assert fingerprint("a.ipynb", notebook("a\nb")) == fingerprint("a.ipynb", notebook(["a\n", "b"]))  # type: ignore


def test_a_file_that_cannot_be_written_whole_is_not_touched(course, folder, monkeypatch):
    copy_course(course, folder)
    write(course, NAMES[1], notebook("second"))

    def full(path, data):
        path.touch()
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        copy_course(course, folder)
    assert (folder / NAMES[1]).read_bytes() == notebook("first")
    assert [path.name for path in (folder / "exercises").iterdir()] == ["02_unrolling.ipynb"]


def test_it_comes_from_the_package_or_else_from_the_project_around_it(tmp_path, monkeypatch):
    assert (course_folder() / "notebooks" / "00_start_here.ipynb").is_file()
    monkeypatch.setattr(module, "_PACKAGE", tmp_path)
    assert course_folder() == tmp_path.parent
    (tmp_path / "course").mkdir()
    assert course_folder() == tmp_path / "course"


NAME = st.sampled_from(NAMES)


class Student(RuleBasedStateMachine):
    """Any order of new versions, work, deletions and starts, beside a record of what the student did by hand."""

    @initialize()
    def begin(self):
        self.root = Path(tempfile.mkdtemp())
        self.course, self.folder = self.root / "course", self.root / "mine"
        self.work: dict[str, bytes] = {}  # what the student changed and nobody may touch
        self.version = 0
        for name in NAMES:
            self.release(name)
        self.start()

    @rule(name=NAME)
    def release(self, name):
        self.version += 1
        write(self.course, name, content(name, f"version {self.version}"))

    @rule(name=NAME, text=st.text(max_size=3))
    def change(self, name, text):
        self.work[name] = content(name, f"mine: {text}")
        write(self.folder, name, self.work[name])

    @rule(name=NAME)
    def delete(self, name):
        (self.folder / name).unlink(missing_ok=True)
        self.work.pop(name, None)

    @rule(name=NAME)
    def take_ours(self, name):
        """They copy the newest by hand: from then on it is ours again, once a start has seen it."""
        write(self.folder, name, (self.course / name).read_bytes())
        self.work.pop(name, None)
        self.start()

    @rule()
    def start(self):
        copied = copy_course(self.course, self.folder)
        assert set(copied.kept) <= set(self.work)
        assert not {*copied.new, *copied.updated} & set(self.work)
        for name in set(NAMES) - set(self.work):
            assert (self.folder / name).read_bytes() == (self.course / name).read_bytes()
        assert copy_course(self.course, self.folder).updated == [], "a second start has nothing to do"

    @invariant()
    def work_is_there(self):
        for name, data in getattr(self, "work", {}).items():
            assert (self.folder / name).read_bytes() == data

    def teardown(self):
        shutil.rmtree(self.root, ignore_errors=True)


TestStudent = Student.TestCase
