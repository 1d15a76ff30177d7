from seqviz.grading.results import GRADED, UNREADABLE, Result, Row
from seqviz.grading.several import NOT_HANDED_IN, grade_each, pack, together, unpack

ROWS = [Row("a", 0.0, 2.0, "not run"), Row("essay", None, 3.0, "ungraded")]


def test_notebooks_cross_as_they_are() -> None:
    notebooks = {"problem2": b"\xff\x00", "problem1": b""}
    assert unpack(pack(notebooks)) == notebooks
    assert pack(notebooks) == pack(dict(reversed(notebooks.items())))  # the hash of a submission depends on it


def test_each_notebook_is_graded_and_a_missing_one_earns_nothing() -> None:
    def grade(name: str, blob: bytes) -> Result:
        return Result(GRADED, "", [Row("a", float(blob), 2.0, "ran")], ["odd"], notebook=f"run {name}", seconds=1.0)

    whole = grade_each(pack({"p1": b"2", "extra": b"9"}), {"p1": ROWS, "p2": ROWS}, grade)
    assert [(row.cell, row.points, row.status) for row in whole.rows] == [
        ("p1/a", 2.0, "ran"),
        ("p2/a", 0.0, NOT_HANDED_IN),
        ("p2/essay", 0.0, NOT_HANDED_IN),
    ]
    assert (whole.status, whole.message, whole.warnings) == (GRADED, "p2: not handed in", ["p1: odd"])
    assert whole.notebooks == {"p1": "run p1"}


def test_what_cannot_be_read_takes_nothing_from_the_others() -> None:
    broken, fine = Result(UNREADABLE, "an empty file", ROWS), Result(GRADED, "", ROWS, phases={"fork": 1.0})
    whole = together({"p1": broken, "p2": fine, "p3": fine})
    assert (whole.status, whole.message, whole.phases) == (GRADED, "p1: an empty file", {"fork": 2.0})
    assert together({"p1": broken}).status == UNREADABLE
