"""What the coordinator asks of a Dask worker: open a session, take its terms, grade one submission in it, close it.

These functions run in the worker's own process, in one of its threads. They hand everything on to a *station* (see
:mod:`seqviz.grading.station`), which is started with the session, ends when nothing has come for a while, and is
started again if something comes after all. What they take and return is numbers, text and bytes; they raise nothing,
so no exception has to be pickled.
"""

import itertools
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

GRADED, FAILED, UNKNOWN, TAKEN = b"+", b"-", b"?", b"!"  # the first byte of an answer; then a result, or words

_LINGER_SECONDS = 30.0
_START_SECONDS = 300.0
_SPARE_SECONDS = 60.0
_TICK_SECONDS = 1.0

_sessions: dict[tuple[str, str], "_Session"] = {}  # by run and address: one process may hold several workers
_lock = threading.Lock()


def open_session(run: str, orders: bytes) -> bytes:
    """Start what grades on this worker; return how many kernels it has room for, or why it refuses, as JSON."""
    worker = _secede()
    session = _Session(orders, worker)
    with _lock:
        _sessions[run, worker.address] = session
    return json.dumps(session.open()).encode()


def take_terms(run: str, terms: bytes) -> bytes:
    """Hear what all submissions of a run have in common; return :data:`TAKEN` or :data:`UNKNOWN`."""
    session = _session(run, _secede())
    if session is None:
        return UNKNOWN
    session.take_terms(terms)
    return TAKEN


def grade_one(run: str, submission: bytes, seconds: float, alone: bool) -> bytes:
    """Grade a submission, which may take ``seconds``; return :data:`GRADED` and the result's bytes, or why not.

    :data:`UNKNOWN`: this process knows nothing of the run, since it is not the one that was asked to open a session.
    """
    session = _session(run, _secede())
    if session is None:
        return UNKNOWN
    try:
        return session.grade(submission, seconds, alone)
    except Exception as error:
        return FAILED + f"{type(error).__name__}: {error}".encode(errors="replace")


def close_sessions(run: str) -> None:
    """End what was started for a run in this process, whatever it is doing."""
    with _lock:
        ended = [_sessions.pop(key) for key in list(_sessions) if key[0] == run]
    for session in ended:  # a station may be starting, and the worker's loop must not wait for it
        threading.Thread(target=session.close, daemon=True).start()


def _session(run: str, worker: Any) -> "_Session | None":
    with _lock:
        return _sessions.get((run, worker.address))


def _secede() -> Any:
    """Leave the worker's thread pool: more submissions are in flight than it has threads, and this one only waits."""
    from distributed import get_worker, secede

    worker = get_worker()
    secede()
    return worker


class _Session:
    """One run on one worker: its orders and terms, and the station as long as there is something to do."""

    def __init__(self, orders: bytes, worker: Any) -> None:
        self._orders, self._share = orders, json.dumps(asdict(_share_of(worker))).encode()
        self._terms = b""
        self._lock = threading.Lock()
        self._station: _Station | None = None
        self._closed = False

    def open(self) -> dict[str, Any]:
        if platform.system() != "Linux":
            return {"refused": f"grading runs on Linux, and this is {platform.system()}"}
        with self._lock:
            try:
                return self._started().hello
            except (OSError, EOFError) as error:
                return {"refused": f"what grades there could not be started: {error}"}

    def take_terms(self, terms: bytes) -> None:
        with self._lock:
            self._terms = terms
            if self._station:
                self._station.send({}, terms)

    def grade(self, submission: bytes, seconds: float, alone: bool) -> bytes:
        with self._lock:
            station = self._started()
            if "refused" in station.hello:
                return FAILED + station.hello["refused"].encode(errors="replace")
            number, waiter = station.number()
        station.send({"number": number, "seconds": seconds, "alone": alone}, submission)
        try:
            return waiter.result(seconds + _SPARE_SECONDS)
        except TimeoutError:
            station.close()
            return FAILED + b"it took too long, although every limit should have stopped it"

    def _started(self) -> "_Station":
        if self._closed:
            raise OSError("the run has ended")
        if self._station is None or self._station.ended:
            self._station = _Station(self._orders, self._share, self._lock)
            if self._terms:
                self._station.send({}, self._terms)
        return self._station

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._station:
                self._station.close()


def _share_of(worker: Any) -> Any:
    import dask.config

    from seqviz.grading.station import Share

    folder = Path(worker.local_directory)
    own = [folder, *(above for above in folder.parents if above.name == "dask-scratch-space")]
    tls = dask.config.get("distributed.comm.tls", {})
    secret = [*map(str, own), *(place for place in _texts(tls) if place.startswith("/"))]
    return Share(worker.state.nthreads, worker.memory_manager.memory_limit or 0, secret)


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for value in tree.values():
            yield from _texts(value)
    elif isinstance(tree, str):
        yield tree


class _Station:
    """The worker's side of a station process; ``lock`` is the session's."""

    def __init__(self, orders: bytes, share: bytes, lock: threading.Lock) -> None:
        self._lock, self._sending = lock, threading.Lock()
        self._numbers, self._waiting = itertools.count(), dict[int, Future[bytes]]()
        self._idle_since, self.ended = time.monotonic(), False
        ours, theirs = socket.socketpair()
        self._socket, self._connection = ours, Connection(os.dup(ours.fileno()))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it has ended)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "seqviz.grading.station", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            start_new_session=True,
        )
        theirs.close()
        self.hello = self._told(orders, share)
        if "refused" in self.hello:
            self._end()
        else:
            threading.Thread(target=self._listen, daemon=True).start()

    def _told(self, orders: bytes, share: bytes) -> dict[str, Any]:
        try:
            self._connection.send_bytes(orders)
            self._connection.send_bytes(share)
            if self._connection.poll(_START_SECONDS):
                return json.loads(self._connection.recv_bytes())
            return {"refused": f"what grades there has not started in {_START_SECONDS:g} s"}
        except (OSError, EOFError):
            self._process.wait()
            self._errors.seek(0)
            last = self._errors.read().decode(errors="replace").strip().splitlines()[-1:]
            return {"refused": f"what grades there did not start: {' '.join(last) or self._process.returncode}"}

    def number(self) -> tuple[int, "Future[bytes]"]:
        """Return the number of a new submission and what waits for its answer; for who holds the lock."""
        number, waiter = next(self._numbers), Future[bytes]()
        self._waiting[number] = waiter
        return number, waiter

    def send(self, about: dict[str, Any], submission: bytes) -> None:
        """Send a submission, or the terms, which are about nothing.

        A submission is sent without the session's lock: the station may have to send an answer first.
        """
        with self._sending, suppress(OSError):  # if it has ended, who listens finds it
            self._connection.send_bytes(json.dumps(about).encode())
            self._connection.send_bytes(submission)

    def _listen(self) -> None:
        with suppress(EOFError, OSError):
            while not self._is_over():
                if self._connection.poll(_TICK_SECONDS):
                    about, result = json.loads(self._connection.recv_bytes()), self._connection.recv_bytes()
                    self._idle_since = time.monotonic()
                    answer = GRADED + result if about["graded"] else FAILED + about["failure"].encode(errors="replace")
                    self._waiting.pop(about["number"]).set_result(answer)
        self._end()
        with self._lock:
            left, self._waiting = self._waiting, {}
        for waiter in left.values():
            waiter.set_result(FAILED + f"what grades there ended (exit code {self._process.returncode})".encode())

    def _is_over(self) -> bool:
        """Whether nothing has come for a while; from now on nothing more is taken."""
        with self._lock:
            self.ended = not self._waiting and time.monotonic() - self._idle_since > _LINGER_SECONDS
            return self.ended

    def _end(self) -> None:
        """Shut the connection, at which the station ends by itself and takes along what it has started."""
        self.ended = True
        self.close()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with self._sending:
            self._connection.close()
        self._errors.close()
        self._socket.close()

    def close(self) -> None:
        """Have it end: what waits for its messages is told that there are none any more."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
