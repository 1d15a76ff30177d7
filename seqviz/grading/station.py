"""The station of a cluster's worker: the process that grades there, with its own sandbox, warm parent and processes.

    coordinator ── Dask ── worker ── station ─┬─ processes, one submission each
                                              └─ kernels' parent ── kernels

A Dask worker has threads, so nothing can be forked from it; the station has none. It is told its orders, says how many
kernels it has room for or why it has none, hears what all submissions have in common, and takes them until its worker
closes the connection or ends.
"""

import base64
import json
import os
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from seqviz.grading import control_groups, machine
from seqviz.grading.errors import IncompleteError, WrongUseError

if TYPE_CHECKING:
    from seqviz.grading.local_workers import LocalWorkers

_TICK_SECONDS = 1.0


@dataclass(frozen=True)
class Orders:
    """What a worker is told when it begins, before the coordinator has read the assignment; plain data.

    ``secret`` are the places that no kernel may see, where this machine has them too, under a shared file system;
    ``files`` the data files, in base64.
    """

    sandbox: str
    memory: int
    cores: int | None
    secret: list[str]
    files: dict[str, str]

    @classmethod
    def of(
        cls, sandbox: str, memory: int, cores: int | None, secret: Iterable[Path], files: Mapping[str, Path]
    ) -> "Orders":
        """Gather them on the coordinator's machine: places by all names they have there, and the files' contents."""
        names = {name for place in secret for name in (str(place.absolute()), os.path.realpath(place))}
        contents = {name: base64.b64encode(path.read_bytes()).decode() for name, path in files.items()}
        return cls(sandbox, memory, cores, sorted(names), contents)

    def to_bytes(self) -> bytes:
        """Return the orders as bytes (JSON)."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, blob: bytes) -> "Orders":
        """Read orders."""
        return cls(**json.loads(blob))


@dataclass(frozen=True)
class Share:
    """What of its machine a worker has: threads, bytes of memory (0: all), and files of its own that are secret."""

    threads: int
    memory: int
    secret: list[str]


def main() -> None:
    """Read orders and share from the connection whose descriptor is the argument, and grade."""
    worker = os.getppid()
    machine.prepare_process()
    connection = Connection(int(sys.argv[1]))
    orders, share = Orders.from_bytes(connection.recv_bytes()), Share(**json.loads(connection.recv_bytes()))
    try:
        _grade(connection, orders, share, worker)
    except (WrongUseError, IncompleteError) as error:
        _say(connection, {"refused": str(error)})
    except (EOFError, OSError):
        return  # the worker has gone, or has no more need of us


def _say(connection: Connection, words: Mapping[str, object]) -> None:
    connection.send_bytes(json.dumps(words).encode())


def _grade(connection: Connection, orders: Orders, share: Share, worker: int) -> None:
    from seqviz.grading import sandbox
    from seqviz.grading.kernel_client import KernelServer

    # What is not here cannot be seen here.
    secret = [Path(place) for place in [*orders.secret, *share.secret] if Path(place).exists()]
    sandbox.require(orders.sandbox, secret)
    machine.require_memory(orders.memory)
    cores = orders.cores or min(share.threads, machine.cores())
    kernels = machine.kernels_at_once(cores, orders.memory, share.memory or None)
    with control_groups.delegated() as group, tempfile.TemporaryDirectory(prefix="seqviz-files-") as folder:
        parent = KernelServer(orders.sandbox, secret, kernels, _unpacked(orders.files, Path(folder)))
        try:
            with machine.importing():  # this is slow, and so is what the parent imports
                _pass_over_meta_tensors()
                from seqviz.grading.local_workers import LocalWorkers

            workers = LocalWorkers(kernels, parent, group)
            try:
                parent.wait_until_ready()
                _say(connection, {"kernels": kernels, "memory_kept": workers.memory_kept})
                _take(connection, workers, worker)
            finally:
                workers.stop()
        finally:
            parent.stop()


def _pass_over_meta_tensors() -> None:
    """Spare torch its rules for tensors without numbers, a quarter of its import: here numbers are only compared."""
    name = "torch._meta_registrations"  # imported for what it registers, never for what is in it
    sys.modules.setdefault(name, ModuleType(name))


def _unpacked(files: Mapping[str, str], folder: Path) -> dict[str, Path]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(base64.b64decode(content))
    return {name: folder / name for name in files}


def _take(connection: Connection, workers: "LocalWorkers", worker: int) -> None:
    """Take terms, then submissions, and give answers, each under its submission's number, while the worker is there."""
    waiting: deque[tuple[dict[str, float], bytes]] = deque()
    while os.getppid() == worker:
        if connection in wait([connection, *workers.connections], _TICK_SECONDS):
            about, message = json.loads(connection.recv_bytes()), connection.recv_bytes()
            if about:
                waiting.append((about, message))
            else:
                workers.begin(message, 0)
        while waiting and workers.idle:
            about, submission = waiting.popleft()
            workers.give(about["number"], submission, about["seconds"], alone=bool(about["alone"]))
        for answer in workers.answers(0):
            _say(connection, {"number": answer.name, "failure": answer.failure, "graded": answer.result is not None})
            connection.send_bytes(answer.result or b"")


if __name__ == "__main__":
    main()
