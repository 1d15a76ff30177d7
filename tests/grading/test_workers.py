"""Workers are replaced when a job brings them down, and say why it has no result."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.kernel  # processes of their own, seconds each

BEGINNING = """
from seqviz.grading.workers import Workers
import os, signal

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


def test_a_job_that_cannot_be_read_is_a_failure_and_the_worker_goes_on() -> None:
    said = story(
        """
        workers = Workers(1)
        for _ in range(2):
            assert workers.idle and not workers.busy
            workers.give("ada", b"no json", "nowhere", 60)
            assert workers.busy and not workers.idle
            answer = wait(workers)
            print(answer.name, answer.result, answer.failure.partition(":")[0])
        workers.stop()
        """
    )
    assert said == "ada None JSONDecodeError\n" * 2


def test_a_worker_that_ends_is_replaced() -> None:
    said = story(
        """
        workers = Workers(1)
        [worker] = workers._workers
        os.kill(worker.process.pid, signal.SIGSTOP)
        workers.give("ada", b"{}", "nowhere", 60)
        os.kill(worker.process.pid, signal.SIGKILL)
        print(wait(workers).failure)
        workers.give("bob", b"no json", "nowhere", 60)
        print(wait(workers).failure.partition(":")[0])
        workers.stop()
        """
    )
    assert said == "the grader's own process ended (exit code -9)\nJSONDecodeError\n"


def test_a_worker_that_takes_too_long_is_replaced() -> None:
    said = story(
        """
        workers = Workers(1)
        [worker] = workers._workers
        os.kill(worker.process.pid, signal.SIGSTOP)
        workers.give("ada", b"{}", "nowhere", -1)
        print(wait(workers).failure)
        assert worker.process.exitcode == -signal.SIGKILL
        workers.stop()
        """
    )
    assert said.startswith("it took too long")


def test_workers_die_with_their_coordinator() -> None:
    program = (
        "from seqviz.grading.workers import Workers\nimport os, signal\nworkers = Workers(2)\n"
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
