"""Worker processes: each takes a job as bytes and gives its result back as bytes.

A worker reads what hostile kernels say, so it may be brought down; it is then replaced, and the job tried once more.
It writes nothing. Processes, not threads: papermill changes the working folder of the whole process.
"""

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seqviz.grading import kernel_wall
from seqviz.grading.errors import NotJudgedError
from seqviz.grading.job import Job, grade

_OWN_MEMORY = 4 << 30  # of a worker: what it takes beyond is a kernel's doing
_DONE, _FAILED = b"+", b"-"


@dataclass(frozen=True)
class Answer:
    """What came of the job called ``name``: a result's bytes, or why there is none."""

    name: Any
    result: bytes | None
    failure: str = ""


class _Worker:
    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")  # the imports are shared, and the parent has no threads yet
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, os.getpid()), daemon=True)
        self.process.start()
        theirs.close()
        self.name: Any = None
        self.deadline = 0.0

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class Workers:
    """A fixed number of workers; at most one job each."""

    def __init__(self, count: int) -> None:
        """Fork them. Call this before anything starts a thread."""
        self._workers = [_Worker() for _ in range(count)]

    @property
    def idle(self) -> bool:
        """Whether a worker has nothing to do."""
        return any(worker.name is None for worker in self._workers)

    @property
    def busy(self) -> bool:
        """Whether a worker has something to do."""
        return any(worker.name is not None for worker in self._workers)

    def give(self, name: Any, job: bytes, address: str, seconds: float) -> None:
        """Give a job to an idle worker, which has ``seconds`` for it by the clock."""
        worker = next(worker for worker in self._workers if worker.name is None)
        worker.name, worker.deadline = name, time.monotonic() + seconds
        try:
            worker.connection.send_bytes(address.encode())
            worker.connection.send_bytes(job)
        except OSError:
            pass  # it has died meanwhile, which `answers` will find

    def answers(self, seconds: float) -> Iterator[Answer]:
        """Wait for at most ``seconds``, and yield what has come, replacing workers that have gone."""
        waiting = {worker.connection: worker for worker in self._workers if worker.name is not None}
        for connection in multiprocessing.connection.wait(list(waiting), seconds):
            worker = waiting[connection]  # type: ignore[index]
            yield self._answer(worker)
        for worker in self._workers:
            if worker.name is not None and time.monotonic() > worker.deadline:
                yield self._replace(worker, "it took too long, although every limit should have stopped it")

    def _answer(self, worker: _Worker) -> Answer:
        try:
            blob = worker.connection.recv_bytes()
        except (EOFError, OSError):
            worker.process.join(5)
            return self._replace(worker, f"the grader's own process ended (exit code {worker.process.exitcode})")
        name, worker.name = worker.name, None
        if blob[:1] == _DONE:
            return Answer(name, blob[1:])
        return Answer(name, None, blob[1:].decode(errors="replace"))

    def _replace(self, worker: _Worker, why: str) -> Answer:
        name = worker.name
        worker.stop()
        self._workers[self._workers.index(worker)] = _Worker()
        return Answer(name, None, why)

    def stop(self) -> None:
        """End them all, whatever they are doing; their kernels end with them."""
        for worker in self._workers:
            worker.stop()


def _work(connection: Any, coordinator: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coordinator
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    kernel_wall.die_with_parent()
    if os.getppid() != coordinator:  # it ended before we could ask to be told
        os._exit(0)
    logging.disable(logging.CRITICAL)  # a failing notebook is a result, and what it prints must not reach the terminal
    kernel_wall.limit_memory(_OWN_MEMORY)
    while True:
        try:
            address, job = connection.recv_bytes().decode(), connection.recv_bytes()
        except (EOFError, OSError):
            os._exit(0)
        try:
            answer = _DONE + grade(Job.from_bytes(job, address)).to_bytes()
        except NotJudgedError as error:
            answer = _FAILED + str(error).encode(errors="replace")
        except Exception as error:  # one submission must not stop the batch, whatever it found a way to do
            answer = _FAILED + f"{type(error).__name__}: {error}".encode(errors="replace")
        connection.send_bytes(answer)
