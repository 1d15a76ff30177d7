"""The installation, with pip and venv replaced by a record of how they were called."""

import json
import sys
from pathlib import Path

import pytest

from seqviz.lab import install as module
from seqviz.lab.install import environment_python, install
from seqviz.lab.install_errors import InstallError
from seqviz.lab.step import StepError

PROJECT = '[project]\nname = "x"\ndependencies = ["numpy>=1.26", "torch>=2.4"]\n'


class Computer:
    """Everything the installation runs, in order; what fails and what pip would bring are set by a test."""

    def __init__(self) -> None:
        self.ran: list[list[str]] = []
        self.fails: dict[str, str] = {}  # part of a command → what it prints when it fails
        self.brings = ["torch", "sympy"]

    def run_step(self, title: str, command: list[str], folder: Path) -> None:
        self.ran.append(command)
        for part, output in self.fails.items():
            if part in " ".join(command):
                raise StepError(output)
        if "venv" in command:
            python = environment_python(folder)
            python.parent.mkdir(parents=True)
            python.touch()
        if "--report" in command:
            found = {"install": [{"metadata": {"name": name}} for name in self.brings]}
            Path(command[command.index("--report") + 1]).write_text(json.dumps(found))

    def steps(self) -> list[str]:
        """Each command by its last word, which says what is installed; a dry run is marked."""
        return [f"{'?' if '--dry-run' in command else ''}{Path(command[-1]).name}" for command in self.ran]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "constraints.txt").write_text("torch==2.13.0\n")
    return tmp_path


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Computer:
    computer = Computer()
    monkeypatch.setattr(module, "run_step", computer.run_step)
    monkeypatch.setattr(module, "_works", Path.exists)
    monkeypatch.setattr(sys, "platform", "linux")
    return computer


def test_a_first_start_makes_the_environment_and_a_second_does_nothing(root, computer):
    install(root)
    assert computer.steps() == [".venv", "?torch>=2.4", "torch>=2.4", ".[lab]"]
    install(root)
    assert len(computer.ran) == 4


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_it_installs_again_when_what_it_follows_has_changed(root, computer, name):
    install(root)
    computer.ran.clear()
    (root / name).write_text((root / name).read_text() + "\n")
    install(root)
    assert computer.steps() == ["?torch>=2.4", "torch>=2.4", ".[lab]"]


def test_it_installs_again_when_the_folder_was_moved(root, computer):
    install(root)
    computer.ran.clear()
    moved = root.rename(root.with_name("moved"))
    install(moved)
    assert computer.steps()[-1] == ".[lab]"


def test_an_environment_that_does_not_work_any_more_is_made_again(root, computer, monkeypatch):
    monkeypatch.setattr(module, "_works", lambda python: False)
    install(root)
    assert computer.ran[0][-2:] == ["--clear", str(root / ".venv")]


def test_only_a_python_that_runs_and_has_pip_works(tmp_path):
    assert module._works(Path(sys.executable))
    assert not module._works(tmp_path / "no-python")


def test_every_package_is_taken_in_its_tested_version(root, computer):
    install(root)
    for command in computer.ran[1:]:
        assert command[command.index("--constraint") + 1] == str(root / "constraints.txt")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_have_one_torch(root, computer, monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    install(root)
    assert computer.steps() == [".venv", "torch>=2.4", ".[lab]"]


def test_a_named_index_is_for_torch_alone(root, computer):
    computer.brings = ["torch", "nvidia-cublas-cu12"]
    install(root, torch_index="file:///small")
    assert computer.steps() == [".venv", "torch>=2.4", ".[lab]"]
    assert ["--index-url" in command for command in computer.ran] == [False, True, False]
    assert computer.ran[1][-3:] == ["--index-url", "file:///small", "torch>=2.4"]


@pytest.mark.parametrize("library", ["nvidia-cublas-cu12", "cuda-toolkit", "triton"])
def test_a_torch_with_graphics_libraries_is_not_installed_unasked(root, computer, library):
    computer.brings = ["torch", library]
    with pytest.raises(InstallError, match=r"about 3 GB to download(.|\n)*--torch-index ADDRESS(.|\n)*--large-torch"):
        install(root)
    assert computer.steps() == [".venv", "?torch>=2.4"]
    install(root, large_torch=True)
    assert computer.steps()[2:] == ["torch>=2.4", ".[lab]"]


def test_where_a_tested_version_is_not_to_be_had_another_is_taken(root, computer):
    computer.fails = {"--constraint": "ERROR: No matching distribution found for torch==2.13.0"}
    install(root)
    tested = ["--constraint" in command for command in computer.ran]
    assert tested == [False, True, False, True, False, True, False]


def test_what_pip_said_is_kept_and_the_next_start_goes_on(root, computer):
    computer.fails = {"lab": "ERROR: [Errno 28] No space left on device"}
    with pytest.raises(InstallError, match="The disk is full"):
        install(root)
    assert "Errno 28" in (root / ".venv" / "install.log").read_text()
    computer.fails, computer.ran = {}, []
    install(root)
    assert computer.steps()[-1] == ".[lab]"


def test_a_folder_that_may_not_be_written_is_told_without_a_log_too(root, computer, monkeypatch):
    computer.fails = {"venv": "Error: [Errno 13] Permission denied: '.venv'"}
    (root / ".venv").touch()  # no folder can be made here
    monkeypatch.setattr(module, "_works", lambda python: False)
    with pytest.raises(InstallError, match="A file may not be written"):
        install(root)


def test_a_full_disk_is_told_before_anything_is_made(root, computer, monkeypatch):
    monkeypatch.setattr(module, "NEEDED", 10**18)
    with pytest.raises(InstallError, match=r"needs 1000000000 GB of disk; .* GB free"):
        install(root)
    assert not computer.ran


def test_a_python_without_venv_is_told_what_to_install(root, computer, monkeypatch):
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InstallError, match=rf"apt install python3\.{sys.version_info.minor}-venv"):
        install(root)
