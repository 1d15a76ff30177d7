"""`seqviz export` as it is typed: pages, a failing chapter named, the others written."""

from pathlib import Path

import nbformat
import pytest

from seqviz.cli import main
from seqviz.publish.pages import command
from tests.notebooks.writing import write_notebook

RIBBON = """
import seqviz as sv
sv.explore.gradient_ribbon(sv.models.RNN(30, 4, 30), sv.data.PROSE_ALPHABET, "the value")
"""


@pytest.mark.kernel
def test_one_chapter_fails_and_the_others_are_written(tmp_path: Path, capsys):
    good = write_notebook(
        tmp_path / "01_good.ipynb", "# Good `code`\n\n**Does it run?**", RIBBON, "import os\nos.getcwd()"
    )
    bad = write_notebook(tmp_path / "02_bad.ipynb", "# Bad", "a = 1", "a / 0")
    guilty = nbformat.read(bad, 4).cells[2].id
    site = tmp_path / "out" / "site"
    assert main(["export", str(good), str(bad), "--out", str(site)]) == 1
    said = capsys.readouterr()
    assert f"02_bad.ipynb, cell {guilty}: ZeroDivisionError: division by zero" in said.err
    assert f"wrote {site / '01_good.html'}" in said.out
    assert sorted(path.name for path in site.rglob("*.*")) == [
        "01_good.html",
        "index.html",
        "plotly.js",
        "seqviz.css",
        "seqviz.js",
    ]
    front = (site / "index.html").read_text(encoding="utf-8")
    assert '<a href="01_good.html">Good <code>code</code></a>' in front
    assert "02_bad" not in front, "nothing leads to a page that is not there"
    page = (site / "01_good.html").read_text(encoding="utf-8")
    assert "<title>Good code</title>" in page
    assert str(tmp_path) in page, "a chapter runs in its own folder"
    assert page.count('<script type="application/json"') == 1
    assert "Plotly.register" not in page, "plotly.js is shared"


@pytest.mark.kernel
def test_a_page_that_is_too_large_is_a_failure(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(command, "BUDGET", 500)
    path = write_notebook(tmp_path / "01_large.ipynb", "# Large", "print('words ' * 200)")
    assert main(["export", str(path), "--out", str(tmp_path / "site")]) == 1
    assert "01_large.ipynb: expected at most 0 MB, got 0.0 MB" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["missing.ipynb", "notes.md"])
def test_what_is_no_notebook_is_wrong_use(tmp_path: Path, capsys, name: str):
    (tmp_path / "notes.md").write_text("no notebook")
    assert main(["export", str(tmp_path / name), "--out", str(tmp_path / "site")]) == 2
    assert f"expected a notebook, got {tmp_path / name}" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_outside_of_the_project_nothing_is_guessed(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert main(["export"]) == 2
    assert "seqviz export:" in capsys.readouterr().err


def test_every_chapter_has_a_page_but_the_start_which_looks_at_the_students_own_machine():
    stems = [path.stem for path in command.chapters_of(Path(__file__).parents[3])]
    assert stems[0] != "00_start_here"
    assert {"02_unrolling", "03_backpropagation_through_time"} <= set(stems)
    assert stems == sorted(stems)
    assert stems[stems.index("07_bidirectional_and_deep") + 1] == "07a_torch_rnn", "an appendix follows its chapter"
