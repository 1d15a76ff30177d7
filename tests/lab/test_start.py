"""``python start.py``: what it passes on, and what an old Python is told."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from seqviz.lab import start
from seqviz.lab.install_errors import InstallError

SCRIPT = Path(start.ROOT, "start.py")


@pytest.fixture
def seen(monkeypatch):
    """The options of the installation and the commands run after it; neither really happens."""
    seen = []
    monkeypatch.setattr(start, "install_course", lambda root, **options: seen.append((root, options)))
    monkeypatch.setattr(start, "_run_to_its_end", lambda command: seen.append(command) or 7)
    monkeypatch.delenv("TORCH_INDEX", raising=False)
    return seen


def test_it_installs_and_hands_its_other_options_to_jupyterlab(seen):
    assert start.main(["--port", "8899", "--no-browser", "--ServerApp.token=x"]) == 7
    (root, options), command = seen
    assert options == {"torch_index": "", "large_torch": False}
    python = str(start.environment_python(root))
    passed_on = ["--port", "8899", "--no-browser", "--ServerApp.token=x"]
    assert command == [python, "-m", "seqviz.cli", "lab", str(root), *passed_on]


def test_install_only_opens_nothing(seen):
    assert start.main(["--install-only", "--torch-index", "file:///small", "--large-torch"]) == 0
    ((_, options),) = seen
    assert options == {"torch_index": "file:///small", "large_torch": True}


def test_the_index_may_stand_in_the_environment(seen, monkeypatch):
    monkeypatch.setenv("TORCH_INDEX", "file:///from-environment")
    start.main(["--install-only"])
    assert seen[0][1]["torch_index"] == "file:///from-environment"


@pytest.mark.parametrize(
    ("error", "words"), [(InstallError("The disk is full."), "The disk is full."), (KeyboardInterrupt(), "goes on")]
)
def test_what_stops_it_is_said_without_a_traceback(monkeypatch, capsys, error, words):
    def install(root, **options):
        raise error

    monkeypatch.setattr(start, "install_course", install)
    assert start.main([]) == 1
    assert words in capsys.readouterr().err


def test_its_exit_code_is_that_of_jupyterlab():
    assert start._run_to_its_end([sys.executable, "-c", "raise SystemExit(5)"]) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to pass on")
def test_who_ends_it_ends_jupyterlab_too():
    child = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    code = f"import sys; from seqviz.lab.start import _run_to_its_end as run; run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_old_python_is_told_in_words():
    code = "import runpy, sys; sys.version_info = (3, 9, 2); sys.version = '3.9.2 (main)'; runpy.run_path('start.py')"
    done = subprocess.run([sys.executable, "-c", code], cwd=SCRIPT.parent, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("seqviz needs Python 3.11 or newer; this is Python 3.9.2.\n")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("old", ["python2.7", "python3.6", "python3.10"])
def test_a_really_old_python_can_read_it(old):
    found = shutil.which(old)
    # a version manager's stand-in may be on the path without the Python behind it
    if not found or subprocess.run([found, "--version"], capture_output=True).returncode:
        pytest.skip(f"{old} is not installed here; the test above stands in for it")
    done = subprocess.run([found, "-B", SCRIPT], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("seqviz needs Python 3.11 or newer")


def test_it_needs_no_package(tmp_path):
    done = subprocess.run([sys.executable, "-S", SCRIPT, "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--torch-index" in done.stdout
