"""Workers of this machine: processes, each of which takes a submission as bytes and gives its result back as bytes.

A worker reads what hostile kernels say, so it may be brought down; it is then replaced, and the submission tried once
more. It writes nothing. Processes, not threads: papermill changes the working folder of the whole process.
"""

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import seqviz.grading.engine  # noqa: F401 (slow: else each worker would import it with its first submission)
from seqviz.grading import kernel_wall
from seqviz.grading.errors import NotJudgedError
from seqviz.grading.execution import KernelSource
from seqviz.grading.job import Terms, grade
from seqviz.grading.kernel_client import KernelServer
from seqviz.grading.workers import Answer

_OWN_MEMORY = 4 << 30  # of a worker: what it takes beyond is a kernel's doing
_TERMS, _BESIDE_OTHERS, _ALONE = b"terms", b"beside others", b"alone"  # what the next message is
_DONE, _FAILED = b"+", b"-"


class _Worker:
    def __init__(self, source: KernelSource) -> None:
        context = multiprocessing.get_context("fork")  # the imports are shared, and the parent has no threads yet
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, os.getpid(), source), daemon=True)
        self.process.start()
        theirs.close()
        self.name: Any = None
        self.deadline = 0.0

    def tell(self, kind: bytes, message: bytes) -> None:
        try:
            self.connection.send_bytes(kind)
            self.connection.send_bytes(message)
        except OSError:
            pass  # it has died meanwhile, which `answers` will find

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class LocalWorkers:
    """A fixed number of workers; at most one submission each."""

    def __init__(self, count: int, parent: KernelServer, group: str = "") -> None:
        """Fork them. Call this before anything starts a thread.

        The kernels' ``parent`` may still be importing; the caller ends it. ``group`` is the control group for those of
        the kernels.
        """
        self._parent, self._terms = parent, b""
        self._source = KernelSource(parent.address, str(parent.files or ""), group)
        self._workers = [_Worker(self._source) for _ in range(count)]

    def begin(self, terms: bytes, count: int) -> None:
        """Hear what all submissions have in common; wait until there can be kernels."""
        del count
        self._parent.wait_until_ready()
        self._terms = terms
        for worker in self._workers:
            worker.tell(_TERMS, terms)

    @property
    def idle(self) -> bool:
        """Whether a worker has nothing to do."""
        return any(worker.name is None for worker in self._workers)

    @property
    def quiet(self) -> bool:
        """Whether no worker has anything to do."""
        return not self.busy

    @property
    def busy(self) -> bool:
        """Whether a worker has something to do."""
        return any(worker.name is not None for worker in self._workers)

    @property
    def connections(self) -> list[multiprocessing.connection.Connection]:
        """Those on which an answer may come, for who waits for other things too."""
        return [worker.connection for worker in self._workers if worker.name is not None]

    @property
    def memory_kept(self) -> str:
        """Who keeps the kernels' memory in its limits."""
        return "limited by a control group each" if self._source.group else "measured by their keepers"

    def give(self, name: Any, submission: bytes, seconds: float, *, alone: bool = False) -> None:
        """Give a submission to an idle worker, which has ``seconds`` for it by the clock."""
        worker = next(worker for worker in self._workers if worker.name is None)
        worker.name, worker.deadline = name, time.monotonic() + seconds
        worker.tell(_ALONE if alone else _BESIDE_OTHERS, submission)

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
        self._revive_parent()
        return Answer(name, None, blob[1:].decode(errors="replace"))

    def _replace(self, worker: _Worker, why: str) -> Answer:
        name = worker.name
        worker.stop()
        new = self._workers[self._workers.index(worker)] = _Worker(self._source)
        new.tell(_TERMS, self._terms)
        self._revive_parent()
        return Answer(name, None, why)

    def _revive_parent(self) -> None:
        if not self._parent.alive:
            self._parent.start()
            self._parent.wait_until_ready()

    def stop(self) -> None:
        """End them all, whatever they are doing; their kernels end with them."""
        for worker in self._workers:
            worker.stop()


def _work(connection: Any, coordinator: int, source: KernelSource) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coordinator
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    kernel_wall.die_with_parent()
    if os.getppid() != coordinator:  # it ended before we could ask to be told
        os._exit(0)
    logging.disable(logging.CRITICAL)  # a failing notebook is a result, and what it prints must not reach the terminal
    kernel_wall.limit_memory(_OWN_MEMORY)
    told, terms = b"", None
    while True:
        try:
            kind, message = connection.recv_bytes(), connection.recv_bytes()
        except (EOFError, OSError):
            os._exit(0)
        if kind == _TERMS:
            told, terms = message, None
            continue
        try:
            terms = terms or Terms.from_bytes(told, source)
            answer = _DONE + grade(terms.job(message, alone=kind == _ALONE)).to_bytes()
        except NotJudgedError as error:
            answer = _FAILED + str(error).encode(errors="replace")
        except Exception as error:  # one submission must not stop the batch, whatever it found a way to do
            answer = _FAILED + f"{type(error).__name__}: {error}".encode(errors="replace")
        connection.send_bytes(answer)
