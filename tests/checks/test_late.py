"""A late thread is stopped without harm to the threads around it, traced or not."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from seqviz.checks import late
from seqviz.checks.late import LateThread


def spin():
    while True:
        pass


def spin_and_catch():
    while True:
        try:
            float("no number")
        except:  # noqa: E722 what students write
            continue


def spin_inside():
    def inner():
        while True:
            try:
                spin()
            except:  # noqa: E722
                continue

    inner()


@pytest.fixture(params=[False, True], ids=["plain", "traced"])
def traced(request):
    """A debugger or coverage traces; CPython 3.11 has a trap there."""
    before = sys.gettrace()
    if request.param and before is None:
        sys.settrace(lambda frame, event, argument: None)
    yield
    sys.settrace(before)


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("work", [spin, spin_and_catch, spin_inside])
def test_it_stops(work):
    thread = LateThread(work)
    assert not thread.run(0.1)
    thread.stop()
    assert not thread._thread.is_alive()


@pytest.mark.usefixtures("traced")
def test_one_that_waits_outside_python_is_left_and_the_caller_goes_on():
    gate = threading.Lock()
    gate.acquire()
    thread = LateThread(gate.acquire)
    assert not thread.run(0.1)
    thread.stop()
    assert thread._thread.is_alive()
    assert sum(number for number in range(1000)) == 499_500  # Python functions can be entered
    gate.release()
    thread._thread.join(20)
    assert not thread._thread.is_alive()


@pytest.mark.usefixtures("traced")
def test_work_in_time_is_left_in_peace():
    done = []
    thread = LateThread(lambda: done.append(1))
    assert thread.run(20)
    thread.stop()
    assert done == [1]


def test_after_a_stop_other_threads_are_not_disturbed():
    for _ in range(20):
        thread = LateThread(spin)
        thread.run(0.01)
        thread.stop()
    results = []
    others = [threading.Thread(target=lambda: results.append(sum(range(100_000)))) for _ in range(4)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert results == [sum(range(100_000))] * 4
    assert LateThread(lambda: None).run(20)


ELSEWHERE = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("late", sys.argv[1])
late = importlib.util.module_from_spec(spec)
spec.loader.exec_module(late)

def spin():
    while True: pass

def spin_and_catch():
    while True:
        try: spin()
        except: continue

for work in (spin, spin_and_catch):
    thread = late.LateThread(work)
    assert not thread.run(0.1)
    thread.stop()
    assert not thread._thread.is_alive(), work.__name__
print("stopped")
"""


def other_python(minor: int) -> str | None:
    """Return an interpreter of Python 3.``minor`` that starts, from the PATH or beside this one's installation."""
    beside = sorted(Path(sys.base_prefix).parent.glob(f"*3.{minor}*/bin/python3"))
    for candidate in (shutil.which(f"python3.{minor}"), *map(str, beside)):
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            return candidate
    return None


@pytest.mark.parametrize("minor", [12, 13, 14])
def test_it_stops_in_other_pythons(minor: int):
    """Students have the Python they have; this file needs nothing else."""
    python = other_python(minor)
    if python is None:
        pytest.skip(f"Python 3.{minor} is not installed here")
    command = [python, "-W", "error", "-c", ELSEWHERE, late.__file__]
    assert subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout == "stopped\n"
