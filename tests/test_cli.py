"""The ``seqviz`` command: its subcommands, its exit codes, and that it loads only what is asked for."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from seqviz import cli


@pytest.fixture
def sing(monkeypatch):
    """A subcommand of our own, in a module that exists for the test alone."""
    seen = []

    def run(arguments):
        seen.append((arguments.command, arguments.song, arguments.loud))
        return 3 if arguments.loud else 0

    def add_arguments(parser):
        parser.add_argument("song")
        parser.add_argument("--loud", action="store_true")

    monkeypatch.setitem(sys.modules, "songs", SimpleNamespace(add_arguments=add_arguments, run=run))
    monkeypatch.setitem(cli.COMMANDS, "sing", ("songs", "choir", "sing a song"))
    return seen


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--loud"], 3)])
def test_arguments_reach_the_room_and_its_exit_code_comes_back(sing, options, code):
    assert cli.main(["sing", "hello", *options]) == code
    assert sing == [("sing", "hello", bool(options))]


def test_without_arguments_it_reads_the_command_line(sing, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["seqviz", "sing", "hello"])
    assert cli.main() == 0
    assert sing == [("sing", "hello", False)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: COMMAND"),
        (["dance"], "invalid choice: 'dance'"),
        (["sing"], "required: song"),
        (["sing", "hello", "--quiet"], "unrecognized arguments: --quiet"),
    ],
)
def test_wrong_use_is_told_with_exit_code_2(sing, arguments, message, capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    assert exit_.value.code == 2
    assert message in capsys.readouterr().err
    assert not sing


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(["--help"])
    assert exit_.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    for name, (*_, summary) in cli.COMMANDS.items():
        assert f"{name} {summary}" in shown


def test_a_command_whose_packages_are_not_installed_says_what_installs_them(sing, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "songs", None)
    assert cli.main(["sing", "hello"]) == 1
    assert capsys.readouterr().err == "seqviz sing needs songs: install seqviz[choir], not seqviz alone\n"


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_explains_its_options(command, capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main([command, "--help"])
    assert exit_.value.code == 0
    assert f"usage: seqviz {command}" in capsys.readouterr().out


def test_help_is_quick_it_imports_no_room():
    code = (
        "import sys; from seqviz import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: print(*(n for n in sys.modules if n.startswith('seqviz.')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.split() == ["seqviz.cli"]
