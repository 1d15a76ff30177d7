"""Workers are replaced when a job brings them down, and say why it has no result."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.kernel  # processes of their own, seconds each

BEGINNING = """
from seqviz.grading.local_workers import LocalWorkers
import os, signal

class Parent:
    address, files, alive = "nowhere", None, True

    def wait_until_ready(self):
        pass

def begun(terms=b"{}"):
    workers = LocalWorkers(1, Parent())
    workers.begin(terms, 1)
    return workers

def wait(workers):
    while True:
        for answer in workers.answers(1.0):
            return answer
"""


def story(body: str) -> str:
    """Run code in a process of its own: workers are forked, and pytest's process has threads and sockets."""
    command = [sys.executable, "-c", textwrap.dedent(BEGINNING) + textwrap.dedent(body)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_terms_that_cannot_be_read_are_a_failure_and_the_worker_goes_on() -> None:
    said = story(
        """
        workers = begun(b"no json")
        for _ in range(2):
            assert workers.idle and workers.quiet and not workers.busy
            workers.give("ada", b"", 60)
            assert workers.busy and not workers.idle and not workers.quiet
            answer = wait(workers)
            print(answer.name, answer.result, answer.failure.partition(":")[0])
        workers.stop()
        """
    )
    assert said == "ada None JSONDecodeError\n" * 2


def test_a_worker_that_ends_is_replaced() -> None:
    said = story(
        """
        workers = begun()
        [worker] = workers._workers
        os.kill(worker.process.pid, signal.SIGSTOP)
        workers.give("ada", b"", 60)
        os.kill(worker.process.pid, signal.SIGKILL)
        print(wait(workers).failure)
        workers.give("bob", b"", 60)
        print(wait(workers).failure)
        workers.stop()
        """
    )
    assert said == "the grader's own process ended (exit code -9)\nKeyError: 'place'\n"  # it knows the terms


def test_a_worker_that_takes_too_long_is_replaced() -> None:
    said = story(
        """
        workers = begun()
        [worker] = workers._workers
        os.kill(worker.process.pid, signal.SIGSTOP)
        workers.give("ada", b"", -1)
        print(wait(workers).failure)
        assert worker.process.exitcode == -signal.SIGKILL
        workers.stop()
        """
    )
    assert said.startswith("it took too long")


def test_workers_die_with_their_coordinator() -> None:
    program = (
        f"{BEGINNING}\nworkers = LocalWorkers(2, Parent())\n"
        "print(*[w.process.pid for w in workers._workers], flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    for number in done.stdout.split():
        try:
            while Path(f"/proc/{number}/exe").readlink():  # until the system has carried the signal out
                pass
        except OSError:
            continue
