"""``seqviz lab FOLDER``, with JupyterLab replaced by a record of how it was called."""

import os
import socket

import pytest

from seqviz.cli import main
from seqviz.lab import command


@pytest.fixture
def opened(monkeypatch):
    opened = []
    monkeypatch.setattr(command, "_open_jupyterlab", lambda folder, options: opened.append((folder, options)))
    return opened


def test_it_copies_the_course_and_opens_it(opened, tmp_path, capsys):
    folder = tmp_path / "mine"
    assert main(["lab", str(folder), "--no-browser", "--ServerApp.token=x"]) == 0
    assert opened == [(folder, ["--no-browser", "--ServerApp.token=x"])]
    assert (folder / "notebooks" / "00_start_here.ipynb").is_file()
    assert f"files copied into {folder}\n" in capsys.readouterr().out


def test_a_second_time_it_says_what_it_did_with_each_file(opened, tmp_path, capsys, monkeypatch):
    course, folder = tmp_path / "course", tmp_path / "mine"
    (course / "exercises").mkdir(parents=True)
    monkeypatch.setattr(command, "course_folder", lambda: course)
    for name in ("a", "b"):
        (course / "exercises" / f"{name}.ipynb").write_text("first")
    main(["lab", str(folder)])
    main(["lab", str(folder)])
    assert capsys.readouterr().out.splitlines()[2] == f"{folder} is up to date"
    (folder / "exercises" / "a.ipynb").write_text("mine")
    for name in ("a", "b"):
        (course / "exercises" / f"{name}.ipynb").write_text("second")
    main(["lab", str(folder)])
    assert capsys.readouterr().out.splitlines()[:3] == [
        "updated: exercises/b.ipynb",
        "newer in the course: exercises/a.ipynb; yours stays, since you changed it",
        "To get a newer one, rename yours and start again.",
    ]


def test_in_the_projects_own_folder_nothing_is_copied(opened, monkeypatch):
    monkeypatch.setattr(command, "copy_course", None)
    root = command.course_folder()
    assert main(["lab", str(root)]) == 0
    assert opened == [(root, [])]


def test_without_jupyterlab_it_says_what_to_install(opened, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command.importlib.util, "find_spec", lambda name: None)
    assert main(["lab", str(tmp_path / "mine")]) == 1
    assert 'python -m pip install "jupyterlab>=4.2"' in capsys.readouterr().err
    assert (tmp_path / "mine" / "notebooks").is_dir(), "another front end can open them"
    assert not opened


@pytest.mark.parametrize("form", ["--port {}", "--port={}"])
def test_a_port_that_is_taken_is_told_and_a_free_one_is_not_left(opened, tmp_path, capsys, form):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = form.format(server.getsockname()[1]).split()
        assert main(["lab", str(tmp_path), *port]) == 1
        assert f"port {server.getsockname()[1]} is taken" in capsys.readouterr().err
        assert not opened
    assert main(["lab", str(tmp_path), *port]) == 0
    assert opened == [(tmp_path, ["--ServerApp.port_retries=0", *port])]


def test_a_folder_that_cannot_be_written_is_told(opened, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["lab", str(tmp_path / "file" / "mine")]) == 1
    assert capsys.readouterr().err.startswith("seqviz lab: ")
    assert not opened


def test_jupyterlab_gets_folder_first_page_and_options_and_one_thread(monkeypatch, tmp_path):
    import jupyterlab.labapp

    called = []
    monkeypatch.setattr(jupyterlab.labapp, "main", called.append)
    monkeypatch.setenv("OMP_NUM_THREADS", "put back at the end")
    monkeypatch.delenv("OMP_NUM_THREADS")
    command._open_jupyterlab(tmp_path, ["--no-browser"])
    (options,) = called
    assert options[0] == f"--ServerApp.root_dir={tmp_path}"
    assert options[1] == "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"
    assert options[-1] == "--no-browser", "the student's come last, so they win"
    assert os.environ["OMP_NUM_THREADS"] == "1"
