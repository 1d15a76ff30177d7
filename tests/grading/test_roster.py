import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from seqviz.grading.gradebook import Graded, Key
from seqviz.grading.results import GRADED, NOT_GRADED, Row
from seqviz.grading.roster import RosterError, import_file, read_roster

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,01_toy (4711),Essay (4712)
    Points Possible,,,,,5,10
"Lovelace, Ada",12345,u1,ada,S1,,7
"Hopper, Grace",12346,u2,grace,S1,1,
"Hamilton, Margaret",12347,u3,margaret,S1,,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments
Participant 98765,Ada Lovelace,ada@example.org,Submitted,,5.00,Yes,
Participant 98766,Grace Hopper,grace@example.org,Submitted,3.00,5.00,No,keep
Participant 98767,Margaret Hamilton,m@example.org,No submission,,5.00,Yes,
"""


def graded(student: str, points: float, lms_id: str = "") -> Graded:
    rows = [Row("a", points, 5.0, "ran")]
    return Graded(Key(student, "01_toy", "s", "c"), "x", lms_id, "2026", GRADED, "", [], [], 0.1, rows)


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def roster(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text("\ufeff" + text, encoding="utf-8")
    return path


def test_canvas_gets_its_own_columns_and_numbers_back(tmp_path: Path) -> None:
    class_list = read_roster(roster(tmp_path, CANVAS))
    assert [row["ID"] for row in class_list.students()] == ["12345", "12346", "12347"]
    file = import_file(class_list, "01_toy", [graded("lovelaceada_12345", 4.5, "12345"), graded("grace", 0.0)])
    assert file.name == "canvas.csv"
    points, ada, grace = lines(file.text)
    assert list(ada) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_toy (4711)"]
    assert points["01_toy (4711)"] == "5"
    assert (ada["ID"], ada["01_toy (4711)"]) == ("12345", "4.5")
    assert (grace["ID"], grace["01_toy (4711)"]) == ("12346", "0")
    assert file.notes == []


def test_an_assignment_that_canvas_does_not_know_gets_a_column_of_its_name(tmp_path: Path) -> None:
    file = import_file(read_roster(roster(tmp_path, CANVAS)), "02_other", [graded("x", 4.0, "12345")])
    assert lines(file.text)[1]["02_other"] == "4"
    assert next((line["Student"].strip(), line["02_other"]) for line in lines(file.text)) == ("Points Possible", "5")
    assert any("makes a new one, of 5 points" in note for note in file.notes)


def test_a_class_list_without_points_possible_gets_that_row_for_a_new_column(tmp_path: Path) -> None:
    text = "".join(line for line in CANVAS.splitlines(keepends=True) if "Points Possible" not in line)
    file = import_file(read_roster(roster(tmp_path, text)), "02_other", [graded("x", 4.0, "12345")])
    assert [(line["Student"], line["02_other"]) for line in lines(file.text)] == [
        ("Points Possible", "5"),
        ("Lovelace, Ada", "4"),
    ]


GERMAN = """ID,Vollständiger Name,ID-Nummer,E-Mail-Adresse,Status,Gruppe,Bewertung,Bestwertung,Kann geändert werden
Teilnehmer/in98765,Ada Lovelace,1,ada@example.org,Zur Bewertung abgegeben,1,"5,00","10,00",Ja
Teilnehmer/in98766,Grace Hopper,2,grace@example.org,Zur Bewertung abgegeben,1,"5,00","10,00",Nein
"""
JAPANESE = """識別子,フルネーム,メールアドレス,ステータス,評点,最大評点,評定変更可否,フィードバックコメント
参加者98765,Ada Lovelace,ada@example.org,提出済み,,5.00,はい,
参加者98766,Grace Hopper,grace@example.org,提出済み,,5.00,いいえ,
"""


@pytest.mark.parametrize(
    ("text", "grade", "filled"), [(GERMAN, "Bewertung", ["8,00", "5,00"]), (JAPANESE, "評点", ["4.00", ""])]
)
def test_moodles_worksheet_is_known_by_what_is_in_it_in_every_language(
    tmp_path: Path, text: str, grade: str, filled: list[str]
) -> None:
    class_list = read_roster(roster(tmp_path, text))
    both = [graded("Ada Lovelace_98765", 4.0, "98765"), graded("Grace Hopper", 5.0)]
    file = import_file(class_list, "01_toy", both)
    assert (file.name, [line[grade] for line in lines(file.text)]) == ("moodle.csv", filled)
    assert list(lines(file.text)[0]) == class_list.columns


def test_moodle_gets_the_whole_worksheet_back(tmp_path: Path) -> None:
    class_list = read_roster(roster(tmp_path, MOODLE))
    both = [graded("Ada Lovelace_98765", 4.0, "98765"), graded("Grace Hopper_98766", 5.0, "98766")]
    file = import_file(class_list, "01_toy", both)
    assert file.name == "moodle.csv"
    ada, grace, margaret = lines(file.text)
    assert ada["Grade"] == "4.00"
    assert (grace["Grade"], grace["Feedback comments"]) == ("3.00", "keep")  # may not be changed
    assert margaret["Grade"] == ""
    assert file.notes == []


def test_moodle_s_own_maximum_scales_the_grade_and_a_line_says_so(tmp_path: Path) -> None:
    class_list = read_roster(roster(tmp_path, MOODLE.replace("5.00", "10.00")))
    file = import_file(class_list, "01_toy", [graded("Ada Lovelace_98765", 4.0, "98765")])
    assert lines(file.text)[0]["Grade"] == "8.00"
    assert any("scaled" in note for note in file.notes)


def test_students_that_are_not_in_the_list_or_twice_are_named(tmp_path: Path) -> None:
    both = [graded("nobody", 1.0), graded("ada", 2.0), graded("u1", 3.0)]
    file = import_file(read_roster(roster(tmp_path, CANVAS)), "01_toy", both)
    assert [note.partition(":")[0] for note in file.notes] == ["nobody", "u1"]
    assert lines(file.text)[1]["01_toy (4711)"] == "2"


def test_a_name_two_students_have_matches_neither(tmp_path: Path) -> None:
    doubled = CANVAS.replace("Hopper, Grace", "Lovelace, Ada")
    file = import_file(read_roster(roster(tmp_path, doubled)), "01_toy", [graded("Lovelace, Ada", 2.0)])
    assert len(file.notes) == 1


def test_who_could_not_be_graded_gets_no_grade(tmp_path: Path) -> None:
    lost = replace(graded("Lovelace, Ada", 0.0), status=NOT_GRADED)
    file = import_file(read_roster(roster(tmp_path, CANVAS)), "01_toy", [lost])
    assert file.notes == ["Lovelace, Ada: could not be graded, so not in the import file"]
    assert "Lovelace" not in file.text


def test_semicolons_separate_too(tmp_path: Path) -> None:
    class_list = read_roster(roster(tmp_path, MOODLE.replace(",", ";")))
    assert class_list.kind == "moodle"


@pytest.mark.parametrize("text", ["name,grade\nada,1\n", "", "\0"])
def test_other_files_are_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(RosterError, match=r"roster\.csv"):
        read_roster(roster(tmp_path, text))
    with pytest.raises(RosterError, match="nowhere"):
        read_roster(tmp_path / "nowhere.csv")
