"""The check of the set-up: every fault it can find, in words."""

import os
import sys
from importlib import metadata

import pytest

import seqviz
from seqviz.lab import setup_check
from seqviz.lab.setup_check import (
    Row,
    SetupCheck,
    extension_rows,
    package_rows,
    python_row,
    server_extension_row,
    threads_row,
)


def test_this_environment_is_as_it_should_be(monkeypatch, capsys):
    monkeypatch.setattr(setup_check, "_torch_threads", lambda: 1)  # tests may run in several processes
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)  # tests may run in a notebook
    rows = seqviz.check_setup()
    assert capsys.readouterr().out.startswith("Looking at Python, the packages and JupyterLab.")
    assert [str(row) for row in rows if not row.good] == []
    assert str(rows).endswith("Everything is as it should be.")
    for name in ("torch", "numpy", "plotly", "anywidget", "jupyterlab"):
        assert f"{name} {metadata.version(name)}" in str(rows)
    assert "pytest" not in str(rows), "what only tests need is no student's concern"


def test_every_fault_is_counted_and_has_its_advice():
    one = SetupCheck([Row(True, "a"), Row(False, "b is missing", "get b")])
    assert str(one).splitlines() == ["✓ a", "✗ b is missing → get b", "1 line needs your attention: follow the arrow."]
    assert str(SetupCheck([Row(False, "b", "c")] * 2)).endswith("2 lines need your attention: follow the arrow.")


@pytest.mark.parametrize(("version", "good"), [((3, 10, 14), False), ((3, 11, 0), True), ((3, 14, 1), True)])
def test_an_old_python_is_told(version, good):
    row = python_row(version)
    assert row.good == good
    assert row.found == f"Python {version[0]}.{version[1]}.{version[2]}"
    assert "start.py" in row.advice


def test_good_packages_share_a_line_and_each_fault_has_its_own(monkeypatch, tmp_path):
    (tmp_path / "breaks_on_import.py").write_text("raise OSError('no libgomp')")
    monkeypatch.syspath_prepend(tmp_path)
    versions = {"numpy": "2.0", "tqdm": "4.70", "torch": "2.1.0", "breaks-on-import": "1.0"}

    def version(name):
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr(setup_check.metadata, "version", version)
    rows = package_rows(["numpy>=1.26", "torch>=2.4", "not_there>=1", "tqdm>=4", "breaks-on-import"])
    assert [(row.good, row.found) for row in rows] == [
        (True, "numpy 2.0, tqdm 4.70"),
        (False, "torch 2.1.0, expected >=2.4"),
        (False, "not_there is not installed"),
        (False, "breaks-on-import 1.0 cannot be imported (OSError: no libgomp)"),
    ]
    assert 'pip install "torch>=2.4"' in rows[1].advice
    assert "python start.py" in rows[2].advice


def test_a_build_of_torch_for_one_kind_of_machine_is_within_the_range(monkeypatch):
    monkeypatch.setattr(setup_check.metadata, "version", lambda name: "2.13.0+cpu")
    (row,) = package_rows(["torch>=2.4"])
    assert (row.good, row.found) == (True, "torch 2.13.0+cpu")


def test_without_seqviz_itself_that_is_what_is_told(monkeypatch):
    def nothing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(setup_check.metadata, "requires", nothing)
    monkeypatch.setattr(setup_check.metadata, "version", nothing)
    (row,) = package_rows(setup_check._requirements(True))
    assert (
        str(row)
        == '✗ seqviz is not installed → in the project\'s folder run: python start.py, or: pip install "seqviz"'
    )


def test_an_extension_that_draws_widgets_is_looked_for_in_every_folder(tmp_path):
    folder = tmp_path / "second" / "@jupyter-widgets" / "jupyterlab-manager"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text("{}")
    rows = extension_rows([tmp_path / "first", tmp_path / "second"])
    assert [row.good for row in rows] == [True, False]
    assert rows[1].found == "JupyterLab does not have the extension of anywidget"


def test_without_jupyterlab_one_line_says_so(monkeypatch):
    def version(name):
        if name == "jupyterlab":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    real = metadata.version
    monkeypatch.setattr(setup_check.metadata, "version", version)
    monkeypatch.setattr(setup_check, "find_spec", lambda name: None)
    monkeypatch.setattr(setup_check, "_torch_threads", lambda: 1)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    told = [row.found for row in seqviz.check_setup() if not row.good]
    assert told == ["jupyterlab is not installed"]


@pytest.fixture
def elsewhere(tmp_path):
    """Another environment, whose JupyterLab has one of the two extensions."""
    folder = tmp_path / "share" / "jupyter" / "labextensions" / "anywidget"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text("{}")
    return str(tmp_path)


def test_a_jupyterlab_in_another_environment_is_asked_for_its_extensions(elsewhere, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "a.ipynb")
    monkeypatch.setenv(setup_check.SERVER_PREFIX, elsewhere)
    rows = [row for row in seqviz.check_setup() if "JupyterLab" in row.found]
    assert [(row.good, row.found) for row in rows] == [
        (True, f"JupyterLab runs in {elsewhere}, this kernel in {os.path.realpath(sys.prefix)}"),
        (False, "JupyterLab does not have the extension of ipywidgets"),
        (True, "JupyterLab has the extension of anywidget"),
    ]


def test_a_jupyterlab_whose_environment_has_no_seqviz_is_told(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "a.ipynb")
    monkeypatch.delenv(setup_check.SERVER_PREFIX, raising=False)
    rows = seqviz.check_setup()
    (told,) = [row for row in rows if "JupyterLab runs" in row.found]
    assert not told.good
    assert "without seqviz" in told.found
    assert "start JupyterLab from this kernel's environment" in told.advice
    assert "jupyterlab" not in str(rows), "it need not be installed here"


@pytest.mark.parametrize(
    ("enabled", "good"), [({}, False), ({"seqviz.lab": False}, False), ({"jupyterlab": True, "seqviz.lab": True}, True)]
)
def test_a_server_that_delays_replies_is_told(enabled, good):
    row = server_extension_row(enabled)
    assert row.good == good
    assert ("sliders lag" in row.found) == (not good)


def test_a_kernel_without_a_jupyter_server_beside_it_has_no_extension(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_server.extension.config", None)
    assert setup_check._server_extensions() == {}


@pytest.mark.parametrize(("threads", "cores", "good"), [(1, 1, True), (2, 2, True), (8, 2, False)])
def test_more_threads_than_cores_are_told(threads, cores, good):
    row = threads_row(threads, cores)
    assert row.good == good
    assert row.found.startswith("torch computes with 1 thread," if threads == 1 else f"torch computes with {threads} t")


def test_cores_are_counted_where_a_process_cannot_be_bound_to_some(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert setup_check._cores() == 1
