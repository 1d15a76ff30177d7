"""One step of the installation, with real processes."""

import itertools
import sys
from types import SimpleNamespace

import pytest

from seqviz.lab import step
from seqviz.lab.step import StepError, run_step


def python(code):
    return [sys.executable, "-c", code]


def test_into_a_file_it_says_what_it_does_once(tmp_path, capsys):
    run_step("[1/3] Counting", python("print('one'); print('two')"), tmp_path)
    assert capsys.readouterr().out == "[1/3] Counting …\n"


def test_it_runs_in_the_folder(tmp_path):
    run_step("Making", python("open('made', 'w')"), tmp_path)
    assert (tmp_path / "made").exists()


def test_a_failure_carries_all_that_was_printed(tmp_path):
    code = "import sys; print('out', flush=True); print('schön', file=sys.stderr); sys.exit(3)"
    with pytest.raises(StepError) as failed:
        run_step("Failing", [sys.executable, "-X", "utf8", *python(code)[1:]], tmp_path)
    assert failed.value.output.split() == ["out", "schön"]


def test_on_a_terminal_one_line_shows_the_time_and_what_was_printed_last(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(step.sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(step.shutil, "get_terminal_size", lambda: SimpleNamespace(columns=40))
    moments = itertools.chain([100.0], itertools.repeat(161.9))  # begun, and looked at a minute later
    monkeypatch.setattr(step.time, "monotonic", lambda: next(moments))
    run_step("Waiting", python("import time; print('Downloading ' + 'x' * 99, flush=True); time.sleep(0.6)"), tmp_path)
    shown = capsys.readouterr().out
    assert shown.count("\n") == 1, "one line, written over"
    lines = shown.rstrip("\n").split("\r")[1:]
    assert {len(line) for line in lines} == {39}, "a shorter one covers a longer one"
    assert any(line.startswith("Waiting … 1:01  Downloading xxx") for line in lines)
    assert lines[-1].split() == ["Waiting", "…", "1:01"]
