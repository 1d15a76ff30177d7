import json
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seqviz.grading.gradebook import Gradebook, GradebookError, Key
from seqviz.grading.job import GRADED, UNREADABLE, Result, Row


def key(student: str = "ada", submission: str = "s1", check: str = "c1") -> Key:
    return Key(student, "01_toy", submission, check)


def result(points: float | None = 1.0, seconds: float = 0.5, status: str = GRADED) -> Result:
    rows = [
        Row("a", points, 3.0, "ran", mistake="m", seconds=seconds, detail={"wrong": "ü"}),
        Row("b", 2.0, 2.0, "ran"),
    ]
    return Result(status, "", rows, ["a warning"], "", seconds)


def write(book: Gradebook, where: Key, what: Result, day: int = 1) -> None:
    time = datetime(2026, 11, day, tzinfo=UTC)
    book.write(where, what, name="x.ipynb", lms_id="7", submitted_at=time, not_enforced=[])


@pytest.fixture
def book(tmp_path: Path) -> Any:
    book = Gradebook(tmp_path)
    yield book
    book.close()


def test_what_is_written_is_read_back(book: Gradebook) -> None:
    write(book, key(), result())
    [graded] = book.counting("01_toy")
    assert (graded.points, graded.max_points, graded.lms_id, graded.warnings) == (3.0, 5.0, "7", ["a warning"])
    assert graded.rows == result().rows
    assert book.has(key())
    assert not book.has(key(check="c2"))
    assert book.counting("other") == []


def test_the_seed_is_secret_and_stays(tmp_path: Path) -> None:
    first = Gradebook(tmp_path)
    seed = first.seed
    first.close()
    assert stat.S_IMODE((tmp_path / "gradebook.sqlite").stat().st_mode) == 0o600
    again = Gradebook(tmp_path)
    assert again.seed == seed
    again.close()
    other = Gradebook(tmp_path / "other")
    assert other.seed != seed
    other.close()


def test_a_given_seed_is_kept_and_another_one_refused(tmp_path: Path) -> None:
    Gradebook(tmp_path, seed=7).close()
    book = Gradebook(tmp_path, seed=7)
    assert book.seed == 7
    book.close()
    with pytest.raises(GradebookError, match="another seed"):
        Gradebook(tmp_path, seed=8)


def test_the_latest_submission_counts_and_the_earlier_stays(book: Gradebook) -> None:
    write(book, key(submission="new"), result(3.0), day=2)
    write(book, key(submission="old"), result(1.0), day=1)
    [graded] = book.counting("01_toy")
    assert graded.key.submission_hash == "new"
    assert book.has(key(submission="old"))


def test_writing_the_same_submission_again_replaces_it(book: Gradebook) -> None:
    write(book, key(), result(1.0))
    write(book, key(), result(2.0))
    assert len(book.everything_but_time()) == 3
    assert book.counting("01_toy")[0].points == 4.0


def test_only_the_named_cells_are_replaced(book: Gradebook) -> None:
    write(book, key(), result(1.0))
    fresh = result(2.5)
    fresh.rows[1].points = 0.0
    book.write_cells(key(), fresh, frozenset({"a"}))
    assert [row.points for row in book.counting("01_toy")[0].rows] == [2.5, 2.0]


def test_unreadable_submissions_are_tried_again(book: Gradebook) -> None:
    write(book, key(), result(status=UNREADABLE))
    assert not book.has(key())
    assert book.latest_rows(key()) is None


def test_the_latest_rows_are_found_under_older_checks(book: Gradebook) -> None:
    write(book, key(check="old"), result(1.0))
    rows = book.latest_rows(key(check="new"))
    assert rows is not None
    assert rows["a"].points == 1.0


def test_two_gradings_are_equal_but_for_time(tmp_path: Path) -> None:
    books = [Gradebook(tmp_path / name, seed=1) for name in "ab"]
    for seconds, book in zip((0.1, 9.0), books, strict=True):
        write(book, key(), result(seconds=seconds))
    assert books[0].everything_but_time() == books[1].everything_but_time()
    write(books[1], key(), result(0.0))
    assert books[0].everything_but_time() != books[1].everything_but_time()
    for book in books:
        book.close()


def test_a_second_run_into_the_same_folder_is_refused(book: Gradebook, tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="another run"):
        Gradebook(tmp_path)


def test_a_failed_write_leaves_nothing_of_itself(book: Gradebook, monkeypatch: pytest.MonkeyPatch) -> None:
    write(book, key(), result(1.0))
    before = book.everything_but_time()
    broken = result(2.0)
    broken.rows[1].detail = {"no": {1, 2}}
    with pytest.raises(TypeError):
        write(book, key(submission="s2"), broken)
    assert book.everything_but_time() == before
    write(book, key(submission="s3"), result(2.0))


def test_a_file_that_is_no_gradebook_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "gradebook.sqlite").write_text("not a database, but long enough to be looked at" * 50)
    with pytest.raises(GradebookError, match="cannot be used"):
        Gradebook(tmp_path)


def test_a_gradebook_of_another_version_is_refused(tmp_path: Path) -> None:
    Gradebook(tmp_path).close()
    with sqlite3.connect(tmp_path / "gradebook.sqlite") as database:
        database.execute("UPDATE about SET value = '99' WHERE name = 'version'")
    database.close()
    with pytest.raises(GradebookError, match="another version"):
        Gradebook(tmp_path)


def test_the_gradebook_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "gradebook.sqlite").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(GradebookError, match="symbolic link"):
        Gradebook(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_details_are_kept_as_text(book: Gradebook, tmp_path: Path) -> None:
    write(book, key(), result())
    database = sqlite3.connect(tmp_path / "gradebook.sqlite")
    [detail] = database.execute("SELECT detail FROM scores WHERE cell = 'a'").fetchone()
    database.close()
    assert json.loads(detail) == {"wrong": "ü"}
