import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seqviz.grading.errors import WrongUseError
from seqviz.grading.feedback import feedback_page
from seqviz.grading.gradebook import Gradebook, Key
from seqviz.grading.manual import holds_more, manual_csv, match, read_manual
from seqviz.grading.results import BY_HAND, GRADED, UNGRADED, UNREADABLE, Result, Row


def write(book: Gradebook, student: str, submission: str = "a" * 64, status: str = GRADED) -> None:
    rows = [Row("tests", 1.0, 2.0, "ran"), Row("essay", None, 5.0, UNGRADED, detail={"answer": "=1; I\nthink"})]
    book.write(
        Key(student, "hw", submission, "c"),
        Result(status, "", rows),
        name="x.ipynb",
        lms_id="",
        submitted_at=datetime(2026, 11, 1, tzinfo=UTC),
        not_enforced=[],
    )


@pytest.fixture
def book(tmp_path: Path) -> Any:
    book = Gradebook(tmp_path)
    yield book
    book.close()


def offered(book: Gradebook) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(manual_csv(book.counting("hw")), newline="")))


def filled(path: Path, rows: list[dict[str, str]], delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_line_per_answer_goes_out_and_comes_back(book: Gradebook, tmp_path: Path) -> None:
    for student in ("ada", "=bob"):
        write(book, student)
    write(book, "cyd", status=UNREADABLE)
    rows = offered(book)
    assert [(row["student"], row["cell"], row["max_points"], row["points"]) for row in rows] == [
        ("'=bob", "essay", "5", ""),
        ("ada", "essay", "5", ""),
    ]
    assert rows[0]["answer"] == "'=1; I\nthink"
    rows[0] |= {"points": "2,5", "comment": "Half <b>of</b> it."}
    rows[1] |= {"comment": "- See me.\n- Soon."}
    entries = read_manual(filled(tmp_path / "m.csv", rows, delimiter=";"))
    given, notes = match(entries, book.counting("hw"))
    assert notes == []
    book.give(given)
    bob, ada, cyd = book.counting("hw")
    assert (bob.points, bob.ungraded, bob.rows[1].status) == (3.5, 0.0, BY_HAND)
    assert (ada.points, ada.ungraded, ada.rows[1].status) == (1.0, 5.0, UNGRADED)
    assert cyd.ungraded == 0.0
    assert "Half &lt;b&gt;of&lt;/b&gt; it." in feedback_page(bob)
    assert "- See me.\n- Soon." in feedback_page(ada)
    assert [row["points"] for row in offered(book)] == ["2.5", ""]
    assert not holds_more(tmp_path / "m.csv", book.counting("hw"))


def test_points_stay_with_the_notebook_that_was_read(book: Gradebook, tmp_path: Path) -> None:
    write(book, "ada")
    path = filled(tmp_path / "m.csv", [row | {"points": "4"} for row in offered(book)])
    book.give(match(read_manual(path), book.counting("hw"))[0])
    write(book, "ada", submission="b" * 64)
    assert book.counting("hw")[0].ungraded == 5.0
    given, [note] = match(read_manual(path), book.counting("hw"))
    assert given == []
    assert "row 2 (ada, essay): another notebook was handed in since" in note
    write(book, "ada")
    assert book.counting("hw")[0].points == 5.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"student": "nobody"}, "there is no such answer"),
        ({"cell": "tests"}, "there is no such answer"),
        ({"points": "5.5"}, "5.5 points are not from 0 to 5"),
        ({"points": "-1"}, "-1 points are not from 0 to 5"),
        ({"points": "nan"}, "nan points are not from 0 to 5"),
    ],
)
def test_lines_that_cannot_be_used_are_named(
    book: Gradebook, tmp_path: Path, change: dict[str, str], words: str
) -> None:
    write(book, "ada")
    path = filled(tmp_path / "m.csv", [row | {"points": "1"} | change for row in offered(book)])
    given, [note] = match(read_manual(path), book.counting("hw"))
    assert given == []
    assert words in note


def test_tables_that_cannot_be_read_are_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    for text, words in (("a,b\n1,2\n", "no column student"), ("\0", "not a CSV file"), ("", "not a CSV file")):
        path.write_text(text)
        with pytest.raises(WrongUseError, match=words):
            read_manual(path)
    path.write_text("student,cell,points,comment\nada,essay,many,\n")
    with pytest.raises(WrongUseError, match=r"row 2 \(ada\): points 'many' are no number"):
        read_manual(path)


def test_what_somebody_wrote_and_nobody_read_is_noticed(book: Gradebook, tmp_path: Path) -> None:
    write(book, "ada")
    path = tmp_path / "m.csv"
    assert not holds_more(path, book.counting("hw"))
    filled(path, offered(book))
    assert not holds_more(path, book.counting("hw"))
    filled(path, [row | {"points": "3"} for row in offered(book)])
    assert holds_more(path, book.counting("hw"))
    path.write_text("\0")
    assert holds_more(path, book.counting("hw"))
