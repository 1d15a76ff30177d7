"""Tables, feedback and summary: what is in them, and what is not."""

import csv
import io
import re
from urllib.parse import unquote, urlsplit

from seqviz.grading.feedback import feedback_page
from seqviz.grading.files import feedback_file
from seqviz.grading.gradebook import Graded, Key
from seqviz.grading.results import GRADED, UNGRADED, UNREADABLE, Row
from seqviz.grading.summary import steps_of_time, summarize, summary_page, tenths
from seqviz.grading.tables import gradebook_csv, totals_csv


def rows(first: float, mistake: str | None = None) -> list[Row]:
    wrong = {"function": "leaky_step", "groups": [["one step", first, 2.0], ["alpha = 1", 0.0, 1.0]]}
    if mistake:
        wrong |= {"wrong": "Wrong values in h_t (cases “one step”)", "mistake": [mistake, "Which <term> keeps it?"]}
    return [Row("leaky-check", first, 3.0, "ran", mistake, 0.25, detail=wrong), Row("essay", None, 4.0, UNGRADED)]


def graded(student: str, rows: list[Row], status: str = GRADED, message: str = "", seconds: float = 1.0) -> Graded:
    key = Key(student, "01_toy", "s", "c")
    return Graded(key, "x.ipynb", "", "2026-11-20", status, message, ["time-sum: <b>missing</b>"], [], seconds, rows)


def test_the_gradebook_has_a_line_per_student_and_cell() -> None:
    text = gradebook_csv([graded("ada", rows(2.0, "m, n"))])
    assert list(csv.reader(io.StringIO(text))) == [
        ["student", "assignment", "cell", "points", "max_points", "status", "mistake", "seconds"],
        ["ada", "01_toy", "leaky-check", "2", "3", "ran", "m, n", "0.250"],
        ["ada", "01_toy", "essay", "", "4", "ungraded", "", "0.000"],
    ]


def test_totals_say_what_a_person_has_yet_to_grade() -> None:
    text = totals_csv([graded("ada", rows(2.0)), graded("bob", [], UNREADABLE, "an empty file")])
    ada, bob = csv.DictReader(io.StringIO(text))
    assert (ada["points"], ada["max_points"], ada["ungraded"]) == ("2", "7", "4")
    assert bob["status"] == "unreadable"
    assert bob["message"].startswith("an empty file; time-sum")


def test_spreadsheets_run_no_name_as_a_formula() -> None:
    text = gradebook_csv([graded(name, rows(1.0)) for name in ("=1+1", "+1", "-1", "@x", "\t=1")])
    assert all(line[0].startswith("'") for line in list(csv.reader(io.StringIO(text)))[1:])


def test_nor_what_follows_the_end_of_a_cell_elsewhere() -> None:
    names = ("a;=1+1", "a\t=1", "a\n@x", "\uff1d1+1", "a;b = c", "Anne-Marie")
    lines = list(csv.reader(io.StringIO(gradebook_csv([graded(name, rows(1.0)) for name in names]))))[1::2]
    assert [line[0] for line in lines] == ["a;'=1+1", "a\t'=1", "a\n'@x", "'\uff1d1+1", "a;b = c", "Anne-Marie"]


def test_feedback_names_the_mistake_gives_the_hint_and_escapes_everything() -> None:
    page = feedback_page(graded("<script>alert(1)</script>", rows(2.0, "leak <i>")))
    for words in (
        "2 of 7 points",
        "Wrong values in h_t",
        "leak &lt;i&gt;",
        "Which &lt;term&gt; keeps it?",
        "alpha = 1",
    ):
        assert words in page
    assert "A person reads this one." in page
    assert "<script" not in page
    assert "&lt;b&gt;missing" in page
    assert "default-src 'none'" in page


def test_feedback_shows_the_line_of_a_syntax_error() -> None:
    [row, _] = rows(0.0, "m")
    row.detail |= {"wrong": "A syntax error in the cell of leaky_step, line 3: invalid syntax", "line": "x = <b> +"}
    page = feedback_page(graded("ada", [row]))
    assert "line 3: invalid syntax." in page
    assert "<pre>x = &lt;b&gt; +</pre>" in page


def test_feedback_for_what_could_not_be_read_says_why() -> None:
    assert "could not be graded: an empty file" in feedback_page(graded("ada", [], UNREADABLE, "an empty file"))


def test_the_summary_counts_what_is_there() -> None:
    one_class = [
        graded("ada", rows(3.0)),
        graded("bob", rows(0.0, "swapped")),
        graded("cyd", rows(0.0, "swapped")),
        graded("dan", [], UNREADABLE, "empty"),
    ]
    summary = summarize(one_class)
    assert summary.scores == [100 * 3 / 7, 0.0, 0.0]
    assert summary.exercises == {"leaky_step": 100 / 3}
    assert summary.mistakes == {"leaky_step: swapped": 2}
    assert summary.statuses == {"ran": 3, "ungraded": 3}


def test_bars_are_as_long_as_their_numbers() -> None:
    one_class = [graded("ada", rows(3.0)), graded("bob", rows(0.0, "swapped")), graded("cyd", rows(0.0, "swapped"))]
    page = summary_page("01_toy", one_class, [])
    bars = re.findall(r'<tr><td>([^<]*)</td><td class="number">([^<]*)</td>.*?style="width: ([^"]*)%"', page)
    for bar in (
        ("0 to 10 %", "2", "100.0"),
        ("40 to 50 %", "1", "50.0"),
        ("leaky_step", "33 %", "33.3"),
        ("leaky_step: swapped", "2", "100.0"),
        ("1 to 1.2 s", "3", "100.0"),
    ):
        assert bar in bars


def test_times_are_counted_in_few_round_steps() -> None:
    assert steps_of_time([0.4, 1.0, 1.9, 2.0, 9.5]) == {
        "0 to 1 s": 1,
        "1 to 2 s": 2,
        "2 to 3 s": 1,
        **{f"{n} to {n + 1} s": 0 for n in range(3, 9)},
        "9 to 10 s": 1,
    }
    assert steps_of_time([10.0]) == {
        "0 to 2 s": 0,
        "2 to 4 s": 0,
        "4 to 6 s": 0,
        "6 to 8 s": 0,
        "8 to 10 s": 0,
        "10 to 12 s": 1,
    }
    assert steps_of_time([]) == {}


def test_full_scores_are_counted_and_stand_in_the_last_bar() -> None:
    assert list(tenths([100.0, 90.0, 89.99, 0.0]).values()) == [1, 0, 0, 0, 0, 0, 0, 0, 1, 2]


def test_the_summary_page_is_one_file_that_asks_no_network_and_escapes_everything() -> None:
    one_class = [graded("</script><script>alert(1)</script>", rows(0.0, "</script><script>alert(2)</script>"))]
    page = summary_page("01_toy", one_class, ["<script>alert(3)</script>: passed over"])
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert 'src="http' not in page


def test_the_summary_leads_to_the_feedback_of_each_student() -> None:
    students = ["ada", "Grace Hopper & co", "../100 %", "Søren #2", "a?b"]
    page = summary_page("x", [graded(one, rows(1.0)) for one in students], [])
    links = re.findall('<td><a href="([^"]+)">', page)
    assert [unquote(link) for link in links] == [feedback_file(one) for one in students]
    assert all(urlsplit(link).path == link and link.count("/") == 1 for link in links)


def test_trusting_scores_and_missing_walls_are_said() -> None:
    trusting = Graded(
        Key("ada", "x", "s", "c"), "n", "", "t", GRADED, "", [], ["network access is not blocked"], 1.0,
        [Row("a", 1.0, 1.0, "ran", trusting=True)],
    )  # fmt: skip
    page = summary_page("x", [trusting], [])
    assert "trusting" in page
    assert "network access is not blocked" in page


def test_an_empty_class_has_a_page_too() -> None:
    assert "0 submissions" in summary_page("x", [], [])


def test_the_page_of_a_large_class_is_no_larger_than_a_browser_likes() -> None:
    one_class = [
        graded(f"student {number}", rows(number % 4, "swapped"), seconds=number / 10) for number in range(1000)
    ]
    assert len(summary_page("01_toy", one_class, []).encode()) < 300_000
