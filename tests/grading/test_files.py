from pathlib import Path

import pytest

from seqviz.grading.files import remove_partial, safe_name, write_whole


def test_a_file_is_whole_or_the_old_one(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.csv", "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "a.csv", "new \ud800")
    assert (tmp_path / "a.csv").read_text() == "old"
    write_whole(tmp_path / "a.csv", "new")
    assert (tmp_path / "a.csv").read_text() == "new"
    write_whole(tmp_path / "sub" / "b.html", "b")
    remove_partial(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.csv", "b.html", "sub"]


@pytest.mark.parametrize("name", ["ada", "Zoë", "学生", "Ada Lovelace_98765", "o'hara"])
def test_ordinary_names_are_kept(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..",
        ".",
        "",
        "a/b",
        "a\\b",
        "<script>",
        "a\nb",
        "x" * 300,
        "学" * 300,
        ".hidden",
        "nul\0",
        "\u202egnp.live",
    ],
)
def test_other_names_stay_in_their_folder(tmp_path: Path, name: str) -> None:
    safe = safe_name(name)
    write_whole(tmp_path / "feedback" / f"{safe}.html", "x")
    assert (tmp_path / "feedback" / f"{safe}.html").is_file()
    assert not safe.startswith(".")
    assert not set(safe) & set("/\\<>\0\n\u202e")


def test_names_that_are_cleaned_to_the_same_stay_apart() -> None:
    assert len({safe_name(name) for name in ("a/b", "a\\b", "a_b", "a:b")}) == 4


def test_nobody_can_be_called_what_another_s_file_is_called() -> None:
    assert safe_name(safe_name("O/Brien")) != safe_name("O/Brien")
    assert safe_name("x" * 56) != safe_name("x" * 57)
