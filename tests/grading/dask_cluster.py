"""A Dask cluster of real processes for tests: ``python -m tests.grading.dask_cluster`` with one JSON object per worker.

It prints the scheduler's address, and ends when its standard input closes. An object holds environment variables of
that worker. A worker whose submission holds :data:`POISON` kills itself, and leaves a line in the file that the
variable ``POISONED`` names. For one that holds :data:`PICKLED` it returns a pickle that makes the file
``POISONED``.unpickled where it is read; for :data:`PARTING`, what kills the worker that is to send it.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

POISON, PICKLED, PARTING = "# takes its worker down", "# comes back as a pickle", "# takes it down when fetched"
STATION = "seqviz.grading.station"


class Cluster:
    """A cluster in processes of its own."""

    def __init__(self, workers: list[dict[str, str]]) -> None:
        command = [sys.executable, "-m", "tests.grading.dask_cluster", *map(json.dumps, workers)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        self.poisoned = Path()

    @property
    def workers(self) -> list[psutil.Process]:
        """The workers' processes at this moment."""
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(self.process.pid).children()
            return [one for one in children if "spawn_main" in command_of(one)]
        return []

    def stations(self) -> list[psutil.Process]:
        """What grades on them at this moment."""
        return [station for worker in self.workers for station in stations_of(worker)]

    def stop(self) -> None:
        with self.process:  # closes its input
            pass


def stations_of(worker: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return [one for one in worker.children() if STATION in command_of(one)]
    return []


def command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@contextlib.contextmanager
def cluster_of(workers: list[dict[str, str]]) -> Iterator[Cluster]:
    cluster = Cluster(workers)
    try:
        yield cluster
    finally:
        cluster.stop()


def dask_setup(worker: Any) -> None:
    """Poison a worker: Dask calls this in its process."""
    from distributed.protocol import dask_serialize

    from seqviz.grading import cluster_worker

    dask_serialize.register(Parting)(Parting.kill)
    cluster_worker.grade_one = poisoned(cluster_worker.grade_one)


class Exploit:
    """What a grader must not unpickle."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path(os.environ["POISONED"]).with_suffix(".unpickled"),)


class Parting:
    """A result whose worker is lost when it is done, but before anybody has it."""

    def kill(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def poisoned(grade: Callable[..., bytes]) -> Callable[..., Any]:
    def grade_or_die(run: str, submission: bytes, seconds: float, alone: bool) -> Any:
        if PICKLED.encode() in submission:
            return Exploit()
        if PARTING.encode() in submission:
            return Parting()
        if POISON.encode() in submission:
            with Path(os.environ["POISONED"]).open("a") as file:
                file.write(f"{os.getpid()}\n")
            os.kill(os.getpid(), signal.SIGKILL)
        return grade(run, submission, seconds, alone)

    return grade_or_die


def main() -> None:
    import dask.config
    from distributed import Nanny, Scheduler, SpecCluster

    # A cluster of this kind gives a worker up for good that is not there so long after it was lost, even if it had come
    # back and was lost again.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "1h"})
    workers = {
        number: {
            "cls": Nanny,
            "options": {"nthreads": 1, "env": json.loads(text), "preload": __spec__.name, "silence_logs": "CRITICAL"},
        }
        for number, text in enumerate(sys.argv[1:])
    }
    scheduler = {"cls": Scheduler, "options": {"dashboard": False, "host": "127.0.0.1"}}
    with SpecCluster(workers=workers, scheduler=scheduler, silence_logs="CRITICAL") as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
