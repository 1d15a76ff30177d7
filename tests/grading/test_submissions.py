import io
import os
import stat
import time
import unicodedata
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from seqviz.grading import submissions
from seqviz.grading.submissions import SubmissionsError, UnreadableError, find_submissions

STEM = "03_backpropagation_through_time"


def put(folder: Path, *names: str, text: str = "{}") -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def zipped(
    path: Path, files: dict[str, bytes], date: tuple[int, int, int, int, int, int] = (2026, 11, 20, 12, 0, 0)
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, blob in files.items():
            archive.writestr(zipfile.ZipInfo(name, date), blob)
    return path


def students(place: Path) -> list[str]:
    return [one.student for one in find_submissions(place, STEM).found]


def test_a_folder_of_notebooks_names_students_by_file(tmp_path: Path) -> None:
    put(tmp_path, "ada.ipynb", "grace.ipynb", "notes.txt", ".hidden.ipynb", ".ipynb_checkpoints/ada-checkpoint.ipynb")
    found = find_submissions(tmp_path, STEM)
    assert [one.student for one in found.found] == ["ada", "grace"]
    assert found.notes == []
    assert found.found[0].read() == b"{}"


def test_a_folder_of_folders_names_students_by_folder(tmp_path: Path) -> None:
    put(tmp_path, f"ada/{STEM}.ipynb", "grace/my work.ipynb")
    assert students(tmp_path) == ["ada", "grace"]


def test_nbgrader_s_folder_gives_one_assignment_and_its_time_stamp(tmp_path: Path) -> None:
    put(tmp_path / "submitted", f"ada/{STEM}/{STEM}.ipynb", "ada/other/other.ipynb", f"grace/{STEM}/{STEM}.ipynb")
    put(tmp_path / "submitted", f"ada/{STEM}/timestamp.txt", text="2015-02-02 15:58:23.948203 UTC")
    put(tmp_path, f"source/{STEM}/{STEM}.ipynb", f"autograded/ada/{STEM}/{STEM}.ipynb")
    for place in (tmp_path, tmp_path / "submitted"):
        found = find_submissions(place, STEM).found
        assert [one.student for one in found] == ["ada", "grace"]
        assert found[0].submitted_at == datetime(2015, 2, 2, 15, 58, 23, 948203, tzinfo=UTC)


def test_an_assignment_s_folder_in_one_hand_in_hides_nobody_else(tmp_path: Path) -> None:
    put(tmp_path, "ada/anything.ipynb", f"eve/{STEM}/{STEM}.ipynb", "eve/ada/other.ipynb", "grace.ipynb")
    found = find_submissions(tmp_path, STEM)
    assert [one.student for one in found.found] == ["ada", "eve", "grace"]
    assert found.notes == ["eve: 1 notebooks of other assignments were passed over"]


def test_folders_around_the_class_are_no_student(tmp_path: Path) -> None:
    place = zipped(tmp_path / "a.zip", {"2026/class/ada/a.ipynb": b"1", "2026/class/bob/b.ipynb": b"2", "READ.me": b""})
    assert students(place) == ["ada", "bob"]
    unpacked = {f"downloaded/{name}": blob for name, blob in CANVAS.items()}
    assert students(zipped(tmp_path / "b.zip", unpacked)) == ["hoppergrace_12346", "lovelaceada_12345"]
    nested = {"ada/work/a.ipynb": b"1", "bob/work/b.ipynb": b"2", f"cyd/{STEM}/data/x.ipynb": b"3"}
    assert students(zipped(tmp_path / "c.zip", {name: nested[name] for name in list(nested)[:2]})) == ["ada", "bob"]
    assert students(zipped(tmp_path / "d.zip", {f"ada/{STEM}/a.ipynb": b"1", "ada/other/a.ipynb": b"2"})) == ["ada"]


@pytest.mark.parametrize(
    "name",
    [
        "Eve Mallory_66_assignsubmission_file_/Ada Lovelace_98765_assignsubmission_file_/x.ipynb",
        "Eve Mallory_66_assignsubmission_file_Ada Lovelace_98765_assignsubmission_file_x.ipynb",
        "Eve Mallory_66_assignsubmission_file_/lovelaceada_98765_1_x.ipynb",
        f"Eve Mallory_66_assignsubmission_file_/Ada/{STEM}/x.ipynb",
    ],
)
def test_nobody_hands_in_under_another_name(tmp_path: Path, name: str) -> None:
    place = zipped(tmp_path / "a.zip", {name: b"{}", "Bob_67_assignsubmission_file_/x.ipynb": b"{}"})
    found = find_submissions(place, STEM).found
    assert [(one.student, one.lms_id) for one in found] == [("Bob_67", "67"), ("Eve Mallory_66", "66")]


def test_a_file_named_by_a_student_names_no_other_student(tmp_path: Path) -> None:
    put(tmp_path, "bob/x.ipynb", "eve/lovelaceada_98765_1_x.ipynb", "eve/Ada_98765_assignsubmission_file_/x.ipynb")
    assert {(one.student, one.lms_id) for one in find_submissions(tmp_path, STEM).found} == {("bob", ""), ("eve", "")}


def test_results_of_an_earlier_run_are_no_submissions(tmp_path: Path) -> None:
    put(tmp_path, "ada.ipynb", "results/notebooks/ada.ipynb", "results/gradebook.sqlite")
    found = find_submissions(tmp_path, STEM, out=tmp_path / "results")
    assert [one.student for one in found.found] == ["ada"]


@pytest.mark.parametrize(
    "names",
    [
        (f"s1/{STEM}/x.ipynb", "s2/homework/x.ipynb", "s3/week1/x.ipynb"),
        ("s1/x.ipynb", "s2/gradebook.sqlite", "s2/notebooks/x.ipynb", "s3/x.ipynb"),
        ("s1/submitted/x.ipynb", "s2/x.ipynb", "s3.ipynb"),
        (f"s1/submitted/s2/{STEM}/x.ipynb", "s2/x.ipynb", "s3.ipynb"),
        ("s1/source/x.ipynb", "s2/x.ipynb", "s3/release/x.ipynb"),
    ],
)
def test_no_student_decides_for_another(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert students(put(tmp_path / "class", *names)) == ["s1", "s2", "s3"]
    blobs = dict.fromkeys(names, b"{}")
    assert students(zipped(tmp_path / "class.zip", blobs)) == ["s1", "s2", "s3"]
    assert students(zipped(tmp_path / "packed.zip", {f"class/{name}": blob for name, blob in blobs.items()})) == [
        "s1",
        "s2",
        "s3",
    ]


def test_a_student_called_submitted_hides_nobody(tmp_path: Path) -> None:
    put(tmp_path, "ada/x.ipynb", f"submitted/eve/{STEM}/x.ipynb")
    assert students(tmp_path) == ["ada", "submitted"]


def test_every_folder_ends_as_a_submission_or_as_a_named_line(tmp_path: Path) -> None:
    put(tmp_path, "ada/x.ipynb", "bob/essay.pdf", "cyd/.hidden/x.ipynb")
    (tmp_path / "dan").mkdir()
    (tmp_path / "eve").symlink_to(tmp_path / "ada")
    (tmp_path / ".vscode").mkdir()
    found = find_submissions(tmp_path, STEM)
    assert [one.student for one in found.found] == ["ada"]
    assert found.without == {
        "bob": "no notebook among what was handed in (essay.pdf)",
        "cyd": "no notebook among what was handed in (an empty folder)",
        "dan": "no notebook among what was handed in (an empty folder)",
        "eve": "passed over: a link",
    }


def test_who_handed_in_another_assignment_only_has_nothing_for_this_one(tmp_path: Path) -> None:
    put(tmp_path, f"submitted/ada/{STEM}/x.ipynb", "submitted/bob/hw1/hw1.ipynb", "submitted/cyd/mine/x.ipynb")
    put(tmp_path, f"source/{STEM}/x.ipynb", "source/hw1/hw1.ipynb")
    for place in (tmp_path, tmp_path / "submitted"):
        found = find_submissions(place, STEM)
        assert [one.student for one in found.found] == ["ada", "cyd"]
        assert found.without == {"bob": f"nothing for {STEM} among what was handed in (hw1)"}


def test_paths_longer_than_the_system_allows_stop_nothing(tmp_path: Path) -> None:
    put(tmp_path, "ada/x.ipynb", "bob/x.ipynb")
    inside = os.open(tmp_path / "bob", os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=inside)
        inside, outer = os.open("d" * 200, os.O_RDONLY, dir_fd=inside), inside
        os.close(outer)
    os.close(os.open("x.ipynb", os.O_CREAT | os.O_WRONLY, dir_fd=inside))
    os.close(inside)
    found = find_submissions(tmp_path, STEM)
    assert [one.student for one in found.found] == ["ada", "bob"]
    assert any("File name too long" in note for note in found.notes)


def test_who_handed_in_something_else_gets_a_line(tmp_path: Path) -> None:
    put(tmp_path, "ada/essay.pdf", "bob.ipynb.pdf", "cyd.IPYNB", "dan.ipynb.txt", f"eva/{STEM}.ipynb.json")
    found = find_submissions(tmp_path, STEM)
    assert [one.student for one in found.found] == ["cyd", "dan", "eva"]
    assert found.without == {
        "bob.ipynb.pdf": "passed over: not a notebook by its name",
        "ada": "no notebook among what was handed in (essay.pdf)",
    }


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00+12:00", "9999-12-31T23:59:59-12:00", "yesterday", "\udcff"])
def test_a_time_stamp_that_is_none_stops_nothing(tmp_path: Path, stamp: str) -> None:
    put(tmp_path, f"ada/{STEM}/{STEM}.ipynb", f"bob/{STEM}/{STEM}.ipynb")
    (tmp_path / "ada" / STEM / "timestamp.txt").write_bytes(stamp.encode(errors="surrogateescape"))
    assert students(tmp_path) == ["ada", "bob"]


def test_a_time_stamp_with_a_zone_counts_and_one_that_is_not_understood_is_named(tmp_path: Path) -> None:
    put(tmp_path, f"ada/{STEM}/{STEM}.ipynb", f"bob/{STEM}/{STEM}.ipynb")
    (tmp_path / "ada" / STEM / "timestamp.txt").write_text("2015-02-02 15:58:23 America/Los_Angeles\n")
    (tmp_path / "bob" / STEM / "timestamp.txt").write_text("2015-02-02 15:58:23 XYZ")
    os.utime(tmp_path / "bob" / STEM / f"{STEM}.ipynb", (1000, 1000))
    found = find_submissions(tmp_path, STEM)
    assert [one.submitted_at.isoformat() for one in found.found] == [
        "2015-02-02T23:58:23+00:00",
        "1970-01-01T00:16:40+00:00",
    ]
    [note] = found.notes
    assert note.startswith(f"bob: bob/{STEM}/timestamp.txt: the time zone 'XYZ' is not known")


def test_a_time_stamp_that_was_uploaded_to_a_platform_is_the_students_own_and_counts_nothing(tmp_path: Path) -> None:
    folder = "Ada Lovelace_98765_assignsubmission_file_"
    put(tmp_path, f"{folder}/{STEM}.ipynb", text="1")
    put(tmp_path, f"{folder}/timestamp.txt", text="2015-02-02 15:58:23 UTC")
    os.utime(tmp_path / folder / f"{STEM}.ipynb", (1000, 1000))
    [one] = find_submissions(tmp_path, STEM).found
    assert one.submitted_at == datetime.fromtimestamp(1000, UTC)


def test_a_file_from_another_millennium_stops_nothing(tmp_path: Path) -> None:
    put(tmp_path, "ada.ipynb")
    os.utime(tmp_path / "ada.ipynb", (2**38, 2**38))
    found = find_submissions(tmp_path, STEM).found
    assert [one.student for one in found] == ["ada"]


CANVAS = {
    f"lovelaceada_12345_678_{STEM}.ipynb": b"1",
    f"hoppergrace_LATE_12346_679_{STEM}-1.ipynb": b"2",
    "hamiltonmargaret_12347_680_essay.pdf": b"3",
}
MOODLE = {
    f"Ada Lovelace_98765_assignsubmission_file_/{STEM}.ipynb": b"1",
    "Grace Hopper_98766_assignsubmission_file_my notebook.ipynb": b"2",
    "Margaret Hamilton_98767_assignsubmission_onlinetext_/onlinetext.html": b"3",
}


@pytest.mark.parametrize("unpacked", [False, True])
def test_canvas_bulk_download(tmp_path: Path, unpacked: bool) -> None:
    place = zipped(tmp_path / "submissions.zip", CANVAS)
    if unpacked:
        zipfile.ZipFile(place).extractall(tmp_path / "unpacked")
        place = tmp_path / "unpacked"
    found = find_submissions(place, STEM)
    assert [(one.student, one.lms_id, one.read()) for one in found.found] == [
        ("hoppergrace_12346", "12346", b"2"),
        ("lovelaceada_12345", "12345", b"1"),
    ]
    [(student, words)] = found.without.items()
    assert student == "hamiltonmargaret_12347"
    assert words.startswith("no notebook among what was handed in")


@pytest.mark.parametrize("unpacked", [False, True])
def test_moodle_bulk_download(tmp_path: Path, unpacked: bool) -> None:
    place = zipped(tmp_path / "course-03.zip", MOODLE)
    if unpacked:
        zipfile.ZipFile(place).extractall(tmp_path / "unpacked")
        place = tmp_path / "unpacked"
    found = find_submissions(place, STEM)
    assert [(one.student, one.lms_id, one.read()) for one in found.found] == [
        ("Ada Lovelace_98765", "98765", b"1"),
        ("Grace Hopper_98766", "98766", b"2"),
    ]
    assert found.without == {"Margaret Hamilton_98767": "no notebook among what was handed in (onlinetext.html)"}


def test_the_time_in_a_zip_is_local_time(tmp_path: Path) -> None:
    [one] = find_submissions(zipped(tmp_path / "a.zip", {"ada.ipynb": b"{}"}), STEM).found
    assert one.submitted_at == datetime(2026, 11, 20, 12, 0, 0).astimezone()


def test_of_two_notebooks_the_latest_named_like_the_assignment_counts_and_a_line_says_so(tmp_path: Path) -> None:
    put(tmp_path, f"ada/{STEM}.ipynb", f"ada/{STEM} (1).ipynb", "ada/scratch.ipynb")
    os.utime(tmp_path / "ada" / f"{STEM}.ipynb", (1000, 1000))
    os.utime(tmp_path / "ada" / f"{STEM} (1).ipynb", (2000, 2000))
    found = find_submissions(tmp_path, STEM)
    assert [one.name for one in found.found] == [f"ada/{STEM} (1).ipynb"]
    assert len(found.notes) == 1
    assert "ada: 3 notebooks" in found.notes[0]


def test_paths_that_leave_the_archive_and_links_are_passed_over(tmp_path: Path) -> None:
    place = zipped(
        tmp_path / "a.zip",
        {"../../evil.ipynb": b"{}", "/etc/evil.ipynb": b"{}", "a/../../b.ipynb": b"{}", "ada.ipynb": b"{}"},
    )
    with zipfile.ZipFile(place, "a") as archive:
        link = zipfile.ZipInfo("grace.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    found = find_submissions(place, STEM)
    assert [one.student for one in found.found] == ["ada"]
    assert ["leaves the archive" in note for note in found.notes] == [True] * 3
    assert found.without == {"grace.ipynb": "passed over: a link"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def test_paths_longer_than_the_system_takes_are_passed_over_before_they_cost_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "a" + "\u0301\u0316" * 16_000  # composing it takes a second
    files = {f"{long}/{STEM}.ipynb": b"0", f"ada/{STEM}.ipynb": b"1", f"bob/{STEM}.ipynb": b"2"}
    composed: list[int] = []
    normalize = unicodedata.normalize

    def counted(form: Literal["NFC"], text: str) -> str:
        composed.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", counted)
    found = find_submissions(zipped(tmp_path / "class.zip", files), STEM)
    assert [one.student for one in found.found] == ["ada", "bob"]
    assert [*found.without.values()] == ["passed over: a longer path than the system takes"]
    assert max(composed) < 200


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = put(tmp_path / "solutions", "secret.ipynb", text="the solution")
    handed_in = put(tmp_path / "in", "ada.ipynb")
    (handed_in / "mallory.ipynb").symlink_to(secret / "secret.ipynb")
    (handed_in / "eve").symlink_to(secret)
    found = find_submissions(handed_in, STEM)
    assert [one.student for one in found.found] == ["ada"]
    assert found.without == {"eve": "passed over: a link", "mallory.ipynb": "passed over: a link"}


def test_a_link_put_in_place_later_is_not_followed_either(tmp_path: Path) -> None:
    put(tmp_path, "ada.ipynb")
    [one] = find_submissions(tmp_path, STEM).found
    (tmp_path / "ada.ipynb").unlink()
    (tmp_path / "ada.ipynb").symlink_to("/etc/passwd")
    with pytest.raises(UnreadableError):
        one.read()


def test_a_pipe_is_no_submission(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ada.ipynb")
    assert find_submissions(tmp_path, STEM).without == {"ada.ipynb": "passed over: not an ordinary file"}


def test_a_zip_bomb_is_read_to_the_limit_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "MAX_BYTES", 1 << 20)
    place = zipped(tmp_path / "a.zip", {"ada.ipynb": bytes(50 << 20), "grace.ipynb": b"{}"})
    bomb, honest = find_submissions(place, STEM).found
    with pytest.raises(UnreadableError, match="larger than 1 MB"):
        bomb.read()
    assert honest.read() == b"{}"


def test_a_zip_that_lies_about_sizes_or_is_damaged_spoils_one_submission_only(tmp_path: Path) -> None:
    place = zipped(tmp_path / "a.zip", {"ada.ipynb": b"x" * 1000, "grace.ipynb": b"{}"})
    blob = bytearray(place.read_bytes())
    start = blob.index(b"ada.ipynb") + len("ada.ipynb")
    blob[start : start + 4] = b"\xff\xff\xff\xff"  # not deflate
    place.write_bytes(blob)
    ada, grace = find_submissions(place, STEM).found
    with pytest.raises(UnreadableError):
        ada.read()
    assert grace.read() == b"{}"


def test_too_many_files_of_one_student_are_a_line_and_cost_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submissions, "MAX_ENTRIES", 3)
    put(
        tmp_path, "ada/x.ipynb", "bob/y.ipynb", *(f"bob/files/{n}" for n in range(9)), *(f"{n}.ipynb" for n in range(5))
    )
    found = find_submissions(tmp_path, STEM)
    assert [one.student for one in found.found] == ["0", "1", "2", "3", "4", "ada", "bob"]
    assert found.notes == ["bob: more than 3 files; the others were not looked at"]


def test_wrong_places_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(SubmissionsError, match="no such folder"):
        find_submissions(tmp_path / "nowhere", STEM)
    (tmp_path / "text.zip").write_text("not a zip")
    with pytest.raises(SubmissionsError, match="neither a folder nor a zip"):
        find_submissions(tmp_path / "text.zip", STEM)


def test_an_encrypted_archive_is_unreadable_in_words(tmp_path: Path) -> None:
    place = zipped(tmp_path / "a.zip", {"ada.ipynb": b"{}"})
    blob = bytearray(place.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        blob[blob.index(signature) + offset] |= 1
    place.write_bytes(blob)
    [one] = find_submissions(place, STEM).found
    with pytest.raises(UnreadableError, match="cannot be unpacked"):
        one.read()


def test_names_of_any_script_are_kept_and_composed(tmp_path: Path) -> None:
    put(tmp_path, "Zoe\u0308.ipynb", "学生.ipynb")
    assert students(tmp_path) == ["Zoë", "学生"]


def test_file_names_that_are_no_text_do_not_stop_it(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/ad\xff.ipynb"))).write_bytes(b"{}")
    [one] = find_submissions(tmp_path, STEM).found
    assert one.student == r"ad\udcff"
    assert one.read() == b"{}"
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/ad\xfe.ipynb"))).write_bytes(b"{}")
    assert len(students(tmp_path)) == 2  # an archive unpacked with the wrong letters loses nobody


def test_file_times_count_elsewhere(tmp_path: Path) -> None:
    put(tmp_path, "ada.ipynb")
    os.utime(tmp_path / "ada.ipynb", (1000, 1000))
    [one] = find_submissions(tmp_path, STEM).found
    assert one.submitted_at == datetime.fromtimestamp(1000, UTC)
    assert time.time() > 1000


def test_a_zip_inside_a_zip_is_no_notebook(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.ipynb", "{}")
    place = zipped(tmp_path / "a.zip", {"Ada_1_assignsubmission_file_/work.zip": inner.getvalue()})
    found = find_submissions(place, STEM)
    assert found.found == []
    assert found.without == {"Ada_1": "no notebook among what was handed in (work.zip)"}


def test_archives_damaged_anywhere_are_refused_or_read_in_part_in_words(tmp_path: Path) -> None:
    import random

    draw = random.Random(1)
    whole = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with zipfile.ZipFile(tmp_path / "whole.zip", "w", method) as archive:
            for name in ("ada.ipynb", "bob/x.ipynb", "bob/timestamp.txt"):
                archive.writestr(name, b'{"cells": []}' * 20)
        whole.append((tmp_path / "whole.zip").read_bytes())
    ends = set()
    for _ in range(1500):
        blob = bytearray(draw.choice(whole))
        for _ in range(draw.choice((1, 5, 30))):
            blob[draw.randrange(len(blob))] = draw.choice((0, 255, draw.randrange(256)))
        (tmp_path / "a.zip").write_bytes(blob)
        try:
            for one in find_submissions(tmp_path / "a.zip", STEM).found:
                one.student.encode()
                try:
                    one.read()
                    ends.add("read")
                except UnreadableError:
                    ends.add("unreadable")
        except SubmissionsError:
            ends.add("refused")
    assert ends == {"read", "unreadable", "refused"}
