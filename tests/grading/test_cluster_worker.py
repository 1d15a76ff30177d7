"""A session on a worker: its station ends when nothing comes, and another one starts when something comes after all."""

import shutil
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from seqviz.grading import cluster_worker
from seqviz.grading.assignment import load_ours, with_checks
from seqviz.grading.cluster_worker import FAILED, GRADED, _Session
from seqviz.grading.execution import Place
from seqviz.grading.job import Terms
from seqviz.grading.results import Result
from seqviz.grading.sandbox import Limits
from seqviz.grading.station import Orders
from tests.grading.course import LEAKY, STEM, SUM, as_bytes, toy, write_course
from tests.grading.dask_cluster import STATION, command_of

pytestmark = pytest.mark.kernel


def worker_with(folder: Path) -> SimpleNamespace:
    state, memory = SimpleNamespace(nthreads=1), SimpleNamespace(memory_limit=4 << 30)
    return SimpleNamespace(local_directory=str(folder), state=state, memory_manager=memory)


def orders_and_terms(folder: Path) -> tuple[bytes, bytes]:
    root = write_course(folder / "course")
    assignment = with_checks(load_ours(root, STEM), root, secret=5)
    terms = Terms(assignment, 3, Place("", limits=Limits(memory=1 << 30), cell_seconds=30.0))
    return Orders("bwrap", 1 << 30, None, [str(root)], {}).to_bytes(), terms.to_bytes()


def stations() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if STATION in command_of(one)]


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed; apt-get install bubblewrap")
def test_a_station_ends_when_nothing_comes_and_starts_again_when_something_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_worker, "_LINGER_SECONDS", 0.0)
    orders, terms = orders_and_terms(tmp_path)
    session = _Session(orders, worker_with(tmp_path / "dask"))
    try:
        assert session.open()["kernels"] == 2  # as many as have room in the worker's share of the memory
        session.take_terms(terms)
        _, alive = psutil.wait_procs(stations(), timeout=60)
        assert alive == []
        answer = session.grade(as_bytes(toy(LEAKY, SUM)), 300.0, False)
        assert answer[:1] == GRADED
        assert [row.points for row in Result.from_bytes(answer[1:]).rows] == [3.0, 2.0]
        monkeypatch.setattr(cluster_worker, "_LINGER_SECONDS", 60.0)
        waiting = threading.Thread(
            target=lambda: answers.append(session.grade(as_bytes(toy("import time; time.sleep(60)")), 300.0, False))
        )
        answers: list[bytes] = []
        waiting.start()
        while not stations():
            pass
        session.close()
        waiting.join(60)
        assert answers[0].startswith(FAILED + b"what grades there ended")
        with pytest.raises(OSError, match="the run has ended"):
            session.grade(b"", 1.0, False)
    finally:
        session.close()
    _, alive = psutil.wait_procs(stations(), timeout=60)
    assert alive == []


def test_what_does_not_start_is_refused_in_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    session = _Session(b"{}", worker_with(tmp_path))
    assert session.open()["refused"] == "what grades there did not start: 1"
    # nor is a submission waited for, should one come after all
    assert session.grade(b"", 300.0, False) == FAILED + b"what grades there did not start: 1"
    assert stations() == []
