"""Every attack that grading must survive, graded among honest notebooks in the sandbox, as root and as another user."""

import json
import sqlite3
from html import escape
from pathlib import Path
from typing import Any

import pytest

from seqviz.grading.feedback import STATUS_WORDS
from seqviz.grading.files import safe_name
from tests.attacks.attacks import EITHER, Attack, attacks
from tests.attacks.conftest import CANARY, Run, processes_of

pytestmark = pytest.mark.attack

NAMES = sorted(attacks({}, 0))


def rows(run: Run, student: str) -> dict[str, dict[str, Any]]:
    with sqlite3.connect(f"file:{run.results / 'gradebook.sqlite'}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        found = database.execute("SELECT * FROM scores WHERE student = ?", (student,)).fetchall()
    return {row["cell"]: dict(row) for row in found}


def executed(run: Run, student: str) -> str:
    return (run.results / "notebooks" / f"{safe_name(student)}.ipynb").read_text()


def submission(run: Run, student: str) -> dict[str, Any]:
    with sqlite3.connect(f"file:{run.results / 'gradebook.sqlite'}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        return dict(database.execute("SELECT * FROM submissions WHERE student = ?", (student,)).fetchone())


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_earns_what_it_has_answered_and_no_more(run: Run, name: str) -> None:
    attack: Attack = run.attacks[name]
    scores = rows(run, name)
    assert set(scores) == {"leaky-step-check", "time-sum-check"}, run.words
    for cell, most in (("leaky-step-check", attack.leaky), ("time-sum-check", attack.total)):
        if most != EITHER:
            assert scores[cell]["points"] == most, scores[cell]
    if attack.status:
        assert scores["leaky-step-check"]["status"] == attack.status


@pytest.mark.parametrize("name", NAMES)
def test_the_report_says_what_happened_and_the_notebook_shows_no_secret(run: Run, name: str) -> None:
    attack: Attack = run.attacks[name]
    assert attack.says in str(submission(run, name)["message"])
    text = executed(run, name)
    for words in attack.shown:
        assert words in text
    outputs = text.replace(CANARY, "CANARY") if name == "reads the neighbours" else text
    for words in attack.hidden:
        assert words not in outputs


@pytest.mark.parametrize("name", NAMES)
def test_whoever_lost_points_is_told_why(run: Run, name: str) -> None:
    page = (run.results / "feedback" / f"{safe_name(name)}.html").read_text()
    for cell, row in rows(run, name).items():
        if row["points"] < row["max_points"]:
            detail = json.loads(row["detail"])
            words = detail.get("wrong") or (detail.get("forbidden") and "exercise asks you to write it without")
            assert words or row["status"] in STATUS_WORDS, (cell, row)
            assert escape(words or STATUS_WORDS[row["status"]]) in page
            if row["status"] in ("died", "not run", "timeout", "out of memory"):
                assert submission(run, name)["message"]


def test_honest_students_among_them_keep_their_points(run: Run) -> None:
    for number in range(6):
        assert [row["points"] for row in rows(run, f"honest {number}").values()] == [3.0, 2.0]
        assert submission(run, f"honest {number}")["status"] == "graded"


def test_the_batch_went_on_to_the_end(run: Run) -> None:
    with sqlite3.connect(f"file:{run.results / 'gradebook.sqlite'}?mode=ro", uri=True) as database:
        students = {student for (student,) in database.execute("SELECT student FROM submissions")}
    assert students == {*NAMES, *(f"honest {number}" for number in range(6))}
    assert run.exit_code == 0, run.words
    for name in ("gradebook.csv", "totals.csv", "summary.html"):
        assert (run.results / name).is_file()


def test_nobody_got_out(run: Run) -> None:
    assert run.heard == []
    assert sorted(path.name for path in run.course.iterdir()) == ["exercises", "results", "solutions", "submissions"]
    assert Path(run.canaries["home"]).read_text() == CANARY
    assert not list(Path("/tmp").glob("seqviz-*/x"))


def test_no_process_and_no_folder_is_left(run: Run) -> None:
    assert processes_of(run) == []
    assert not [path for path in Path("/tmp").glob("seqviz-*") if path.stat().st_uid in run.users]


def test_hidden_inputs_are_in_no_feedback(run: Run) -> None:
    page = (run.results / "feedback" / f"{safe_name('hands its inputs on')}.html").read_text()
    assert "ValueError" in page
    assert "HIDDEN" not in page
    assert "tensor(" not in page
    assert "SHOWN LATER" not in page


def test_names_and_outputs_run_nothing_in_the_pages(run: Run) -> None:
    for path in [run.results / "summary.html", *(run.results / "feedback").glob("*.html")]:
        page = path.read_text()
        assert "<img src=x" not in page
        assert "<script>document.title" not in page
        assert "Content-Security-Policy" in page
    assert "'=HYPERLINK(1+1)" in (run.results / "gradebook.csv").read_text()
    assert (run.results / "feedback" / "Ωμέγα 学生 ñ.html").is_file()
