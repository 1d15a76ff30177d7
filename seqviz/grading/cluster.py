"""The workers of a Dask cluster, in place of this machine's processes.

Every submission is a task for one named worker, and each worker gets only as many as it has said it has room for. Who
gets what is decided here and not by the scheduler: it would hand a lost worker's submissions on without a word, a
poisonous one to one worker after the other.

What comes back are bytes (rows as JSON). The client is made such that it reads nothing else from a worker's task: a
pickle is refused.
"""

import asyncio
import itertools
import json
import logging
import queue
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dask.config
from distributed import Client, Future, Security
from distributed.comm.core import connect
from tqdm import tqdm

from seqviz.grading import cluster_worker
from seqviz.grading.errors import WorkersGoneError, WrongUseError
from seqviz.grading.station import Orders
from seqviz.grading.workers import Answer

_AS_TASKS = {
    "distributed.admin.large-graph-warning-threshold": "1 GiB",  # a notebook may be large, and is needed only once
    "distributed.diagnostics.computations.nframes": 0,  # no source code goes along
}
_CONNECT_SECONDS = 10.0
_LOOK_SECONDS = 1.0  # between two looks at which workers there are
_FETCH_SECONDS = 60.0  # for an answer that is there
_CLOSE_SECONDS = 10.0
_LOST_OPENING = 10  # workers in a row that are lost while they open their sessions


@dataclass
class _Seat:
    """A worker as it is known here: where it is, how many kernels it has room for, what it is doing."""

    address: str
    host: str
    running: bool = True
    room: int = 0  # for kernels, once its session is open
    knows_terms: bool = False
    refuses: bool = False
    asked: Future | None = None  # to open its session, or to take the terms
    jobs: set[int] = field(default_factory=set)
    alone: bool = False  # what it does, it must do alone

    @property
    def kernels(self) -> int:
        """How many may run there now."""
        return self.room if self.knows_terms else 0


@dataclass
class _Job:
    name: Any
    seat: _Seat
    future: Future


class DaskWorkers:
    """The workers of the cluster at ``address``: of its scheduler, or a file that the scheduler has written."""

    def __init__(self, address: str, orders: Orders, say: Callable[[str], object], expected: int = 0) -> None:
        """Connect to the scheduler. ``say`` tells a person, such as that a worker refuses.

        Workers open their sessions at once for ``expected`` submissions: meanwhile this process can get ready itself.

        Raises:
            WrongUseError: there is no scheduler.
            WorkersGoneError: it goes right afterwards.
        """
        self._address, self._orders, self._say = address, orders.to_bytes(), say
        self._terms, self._left = b"", expected
        self._client = _connected(address)
        self._run = uuid.uuid4().hex
        self._numbers = itertools.count()
        self._seats: dict[str, _Seat] = {}
        self._jobs: dict[int, _Job] = {}
        self._done: queue.SimpleQueue[tuple[Future, bytes | BaseException]] = queue.SimpleQueue()
        self._answers: list[Answer] = []
        self._kept: set[str] = set()
        self._looked = self._given = self._lost_opening = 0
        self._told_to_wait = False
        try:
            self._look()
            self._ask_workers()
        except BaseException:
            self.stop()
            raise

    def begin(self, terms: bytes, count: int) -> None:
        """Hear what all submissions have in common, and how many may come: no more workers than that are started."""
        self._terms, self._left = terms, count

    @property
    def idle(self) -> bool:
        """Whether a worker has room, on a machine where nothing must run alone."""
        return self._with_room() is not None

    @property
    def quiet(self) -> bool:
        """Whether there is a machine of which no worker has anything to do."""
        return self._alone_on_its_machine() is not None

    @property
    def busy(self) -> bool:
        """Whether there is an answer to wait for."""
        return bool(self._jobs or self._answers)

    @property
    def memory_kept(self) -> str:
        """Who keeps the kernels' memory in its limits, as the workers say."""
        return " or ".join(sorted(self._kept)) or "nobody: no worker has graded"

    def _with_room(self) -> _Seat | None:
        alone = {seat.host for seat in self._seats.values() if seat.alone}
        free = [
            seat
            for seat in self._seats.values()
            if seat.running and len(seat.jobs) < seat.kernels and seat.host not in alone
        ]
        return min(free, key=lambda seat: len(seat.jobs) / seat.kernels, default=None)

    def _alone_on_its_machine(self) -> _Seat | None:
        taken = {seat.host for seat in self._seats.values() if seat.jobs}
        free = (seat for seat in self._seats.values() if seat.running and seat.kernels and seat.host not in taken)
        return next(free, None)

    def give(self, name: Any, submission: bytes, seconds: float, *, alone: bool = False) -> None:
        """Give a submission to a worker with room; ``alone``: to one on whose machine no other works."""
        seat = self._alone_on_its_machine() if alone else self._with_room()
        assert seat, "somebody must be idle"
        number = next(self._numbers)
        future = self._task(seat, f"{number}", cluster_worker.grade_one, self._run, submission, seconds, alone)
        seat.jobs.add(number)
        seat.alone = alone
        self._jobs[number] = _Job(name, seat, future)
        self._left -= 1
        self._given += 1
        future.add_done_callback(self._fetch_soon)

    def _task(self, seat: _Seat, key: str, function: Callable[..., bytes], *arguments: Any) -> Future:
        """Have ``seat``'s worker, and nobody else, call a function, once."""
        try:
            with dask.config.set(_AS_TASKS):
                return self._client.submit(
                    function,
                    *arguments,
                    key=f"seqviz-{self._run}-{key}",
                    workers=[seat.address],
                    allow_other_workers=False,
                    retries=0,
                    pure=False,
                )
        except Exception as error:  # Dask says it in several ways
            raise self._gone() from error

    def _gone(self) -> WorkersGoneError:
        return WorkersGoneError(f"the Dask scheduler at {self._address} has gone")

    # --- answers ----------------------------------------------------------------------------------------------------
    def answers(self, seconds: float) -> Iterator[Answer]:
        """Wait for at most ``seconds``, and yield what has come; have more workers open their sessions.

        Raises:
            WorkersGoneError: the scheduler has gone, or all workers that are left refuse.
            WrongUseError: all workers refuse from the beginning.
        """
        self._look()
        self._ask_workers()
        self._require_somebody()
        if not self._answers:
            self._take(seconds)
        while self._answers:
            answer = self._answers.pop(0)
            self._left += answer.result is None  # it may be given again
            yield answer

    def _take(self, seconds: float) -> None:
        try:
            done = self._done.get(timeout=seconds)
            while True:
                self._settle(*done)
                done = self._done.get_nowait()
        except queue.Empty:
            pass

    def _settle(self, future: Future, outcome: bytes | BaseException) -> None:
        """Note what has become of a task, unless its worker was given up before."""
        number = next((number for number, job in self._jobs.items() if job.future is future), None)
        seat = next((seat for seat in self._seats.values() if seat.asked is future), None)
        if number is None and seat is None:
            return
        answer = self._in_words(outcome)
        future.release()
        if seat:
            seat.asked = None
            if seat.room:
                self._has_terms(seat, answer)
            else:
                self._opened(seat, answer)
        elif number is not None:
            job = self._jobs.pop(number)
            job.seat.jobs.discard(number)
            job.seat.alone = False
            self._answers.append(self._answer(job, answer))

    def _fetch_soon(self, future: Future) -> None:
        # In Dask's own loop: a thread that waited for a worker that is lost, or for a client that is closed, would keep
        # others waiting, and at the end the whole program.
        if self._client.loop:  # none once it is closed
            self._client.loop.add_callback(self._fetch, future)

    async def _fetch(self, future: Future) -> None:
        """Fetch what a task has returned."""
        try:
            self._done.put((future, await asyncio.wait_for(future.result(), _FETCH_SECONDS)))
        except BaseException as error:
            self._done.put((future, error))

    def _in_words(self, outcome: bytes | BaseException) -> bytes:
        """Return what a task has returned, or words on why it has returned nothing, as a failure."""
        if isinstance(outcome, bytes):
            return outcome
        # Of those that are waited for, nobody but the client cancels one, when its connection is lost.
        if isinstance(outcome, CancelledError) or self._client.status != "running":
            raise self._gone() from outcome
        # what Dask itself says, such as that a module is missing there
        return cluster_worker.FAILED + f"{type(outcome).__name__}: {outcome}".encode(errors="replace")

    @staticmethod
    def _answer(job: _Job, answer: bytes) -> Answer:
        kind, rest = answer[:1], answer[1:]
        if kind == cluster_worker.GRADED:
            return Answer(job.name, rest)
        if kind == cluster_worker.UNKNOWN:  # another process under the same address
            return Answer(job.name, None, _lost(job.seat))
        return Answer(job.name, None, rest.decode(errors="replace"))

    # --- who is there -----------------------------------------------------------------------------------------------
    def _look(self) -> None:
        """Ask the scheduler which workers there are; give up what those have that are lost."""
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return
        try:
            there = self._client.scheduler_info(n_workers=-1)["workers"]
        except Exception as error:
            raise self._gone() from error
        if self._client.status != "running":
            raise self._gone()
        self._looked = time.monotonic()
        for address in self._seats.keys() - there.keys():
            self._lose(self._seats.pop(address))
        for address, about in there.items():
            seat = self._seats.setdefault(address, _Seat(address, about["host"]))
            seat.running = about["status"] == "running"
        if not there and not self._told_to_wait:
            self._told_to_wait = True
            self._tell(f"the Dask scheduler at {self._address} has no workers; waiting for them")

    def _lose(self, seat: _Seat) -> None:
        if seat.asked:
            seat.asked.cancel()
            self._lost_opening += 1
            if self._lost_opening >= _LOST_OPENING:
                raise WorkersGoneError(f"{_LOST_OPENING} workers in a row were lost while they prepared to grade")
        for number in seat.jobs:
            job = self._jobs.pop(number)
            job.future.cancel()
            self._answers.append(Answer(job.name, None, _lost(seat)))

    def _ask_workers(self) -> None:
        """Have workers open their sessions while there is more to do than the others have room for; then the terms."""
        running = [seat for seat in self._seats.values() if seat.running]
        room = sum((seat.room or seat.asked is not None) - len(seat.jobs) for seat in running)
        for seat in running:
            if seat.kernels or seat.asked or seat.refuses:
                continue
            if seat.room and self._terms:
                self._ask(seat, cluster_worker.take_terms, self._terms)
            elif not seat.room and room < self._left:
                room += 1  # at least
                self._ask(seat, cluster_worker.open_session, self._orders)

    def _ask(self, seat: _Seat, function: Callable[..., bytes], message: bytes) -> None:
        seat.asked = self._task(seat, f"ask-{next(self._numbers)}", function, self._run, message)
        seat.asked.add_done_callback(self._fetch_soon)

    def _require_somebody(self) -> None:
        if self._seats and all(seat.refuses for seat in self._seats.values()):
            words = "no worker of the cluster can grade"
            raise WorkersGoneError(words) if self._given else WrongUseError(words)

    def _opened(self, seat: _Seat, answer: bytes) -> None:
        self._lost_opening = 0
        hello: dict[str, Any] = (
            json.loads(answer) if answer[:1] == b"{" else {"refused": answer[1:].decode(errors="replace")}
        )
        if "refused" in hello:
            seat.refuses = True
            self._tell(f"worker {seat.address} gets no work: {hello['refused']}")
        else:
            seat.room = hello["kernels"]
            self._kept.add(hello["memory_kept"])
            self._ask_workers()  # to take the terms

    def _has_terms(self, seat: _Seat, answer: bytes) -> None:
        seat.knows_terms = answer == cluster_worker.TAKEN
        if not seat.knows_terms:  # another process under the same address: from the beginning
            seat.room = 0

    def _tell(self, words: str) -> None:
        with tqdm.external_write_mode():
            self._say(words)

    def stop(self) -> None:
        """End what was started on the workers, and the connection; a scheduler that has gone is not waited for."""
        asked = [seat.address for seat in self._seats.values() if seat.room or seat.asked]
        if asked and self._client.status == "running":
            close = threading.Thread(target=self._close_sessions, args=(asked,), daemon=True)
            close.start()
            close.join(_CLOSE_SECONDS)
        self._client.close(timeout=_CLOSE_SECONDS)

    def _close_sessions(self, asked: list[str]) -> None:
        with suppress(Exception):  # of a worker that has gone meanwhile
            self._client.run(cluster_worker.close_sessions, self._run, workers=asked, on_error="ignore")


def _lost(seat: _Seat) -> str:
    return f"its worker ({seat.address}) was lost"


def _connected(address: str) -> Client:
    # Dask's own words about connections and workers, and asyncio's about tasks that Dask forgets, would run into the
    # progress bar; what matters is said here.
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        place = json.loads(Path(address).read_text())["address"] if Path(address).is_file() else address
        asyncio.run(_reach(place))  # a client that cannot connect holds the program up when it is thrown away
        return Client(
            place,
            timeout=_CONNECT_SECONDS,
            set_as_default=False,
            name="seqviz-grade",
            serializers=["dask", "msgpack", "pickle"],
            deserializers=["dask", "msgpack"],
        )
    except Exception as error:  # no such host, no answer, a certificate that is missing: Dask has an error for each
        raise WrongUseError(f"no Dask scheduler answers at {address}: {error}") from error


async def _reach(address: str) -> None:
    comm = await connect(address, timeout=_CONNECT_SECONDS, **Security().get_connection_args("client"))
    await comm.close()
