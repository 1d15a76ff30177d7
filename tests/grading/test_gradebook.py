import contextlib
import json
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seqviz.grading.gradebook import Gradebook, GradebookError, Key
from seqviz.grading.results import GRADED, UNREADABLE, Result, Row
from tests.grading.course import everything_but_time


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


def counts(book: Gradebook) -> tuple[str, str, float]:
    [graded] = book.counting("01_toy")
    return graded.key.submission_hash, graded.key.check_hash, graded.points


def test_the_submission_found_last_counts_whatever_its_time_and_the_earlier_stays(book: Gradebook) -> None:
    write(book, key(submission="a"), result(3.0), day=1)
    write(book, key(submission="b"), result(0.0), day=3)
    assert counts(book) == ("b", "c1", 2.0)
    book.count(key(submission="a"), name="y.ipynb", lms_id="8", submitted_at=datetime(2026, 11, 2, tzinfo=UTC))
    assert counts(book) == ("a", "c1", 5.0)
    [graded] = book.counting("01_toy")
    assert (graded.name, graded.lms_id, graded.submitted_at[:10]) == ("y.ipynb", "8", "2026-11-02")
    assert book.has(key(submission="b"))


def test_the_check_of_the_last_run_counts(book: Gradebook) -> None:
    write(book, key(check="sound"), result(3.0))
    write(book, key(check="faulty"), result(0.0))
    assert counts(book) == ("s1", "faulty", 2.0)
    book.count(key(check="sound"), name="x.ipynb", lms_id="7", submitted_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert counts(book) == ("s1", "sound", 5.0)


def test_what_can_be_read_again_counts_again(book: Gradebook) -> None:
    write(book, key(submission="good"), result(3.0))
    write(book, key(submission="damaged"), result(0.0, status=UNREADABLE))
    assert book.counting("01_toy")[0].status == UNREADABLE
    book.count(key(submission="good"), name="x.ipynb", lms_id="7", submitted_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert counts(book) == ("good", "c1", 5.0)


def test_a_gradebook_that_recorded_nothing_about_what_counts_is_taken_over(tmp_path: Path) -> None:
    book = Gradebook(tmp_path, seed=3)
    write(book, key(submission="new"), result(3.0), day=2)
    write(book, key(submission="old"), result(1.0), day=1)
    book.close()
    with sqlite3.connect(tmp_path / "gradebook.sqlite") as database:
        database.executescript("DROP TABLE current; UPDATE about SET value = '1' WHERE name = 'version'")
    database.close()
    again = Gradebook(tmp_path)
    assert counts(again) == ("new", "c1", 5.0)
    again.close()


def test_results_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir(mode=0o755)
    Gradebook(tmp_path / "results").close()
    assert stat.S_IMODE((tmp_path / "results").stat().st_mode) == 0o700


def test_writing_the_same_submission_again_replaces_it(book: Gradebook) -> None:
    write(book, key(), result(1.0))
    write(book, key(), result(2.0))
    assert len(everything_but_time(book.path)) == 4
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
    assert book.rows_to_keep(key()) is None


def test_the_rows_to_keep_are_those_that_count_under_whatever_checks(book: Gradebook) -> None:
    write(book, key(check="old"), result(1.0))
    rows = book.rows_to_keep(key(check="new"))
    assert rows is not None
    assert rows["a"].points == 1.0
    write(book, key(submission="s2", check="new"), result(3.0))
    assert book.rows_to_keep(key(check="new")) is None  # nothing says which of its gradings is to be kept
    assert book.rows_to_keep(key(check="old")) == rows


def test_two_gradings_are_equal_but_for_time(tmp_path: Path) -> None:
    books = [Gradebook(tmp_path / name, seed=1) for name in "ab"]
    for seconds, book in zip((0.1, 9.0), books, strict=True):
        write(book, key(), result(seconds=seconds))
    assert everything_but_time(books[0].path) == everything_but_time(books[1].path)
    write(books[1], key(), result(0.0))
    assert everything_but_time(books[0].path) != everything_but_time(books[1].path)
    for book in books:
        book.close()


def test_a_second_run_into_the_same_folder_is_refused(book: Gradebook, tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="another run"):
        Gradebook(tmp_path)


def test_a_failed_write_leaves_nothing_of_itself(book: Gradebook, monkeypatch: pytest.MonkeyPatch) -> None:
    write(book, key(), result(1.0))
    before = everything_but_time(book.path)
    broken = result(2.0)
    broken.rows[1].detail = {"no": {1, 2}}
    with pytest.raises(TypeError):
        write(book, key(submission="s2"), broken)
    assert everything_but_time(book.path) == before
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


def test_a_path_longer_than_sqlite_takes_is_said_in_words(tmp_path: Path) -> None:
    place = tmp_path / "x" / "y"
    while len(str(place / "gradebook.sqlite")) <= 500:
        with contextlib.closing(Gradebook(place)):
            pass
        place = place / ("z" * 40)
    with pytest.raises(GradebookError, match="a longer path than SQLite takes"):
        Gradebook(place)


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
