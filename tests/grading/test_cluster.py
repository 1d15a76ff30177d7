"""``seqviz grade --dask`` on clusters of real processes: the same class as here, and workers that are lost."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.grading.course import (
    LEAKY,
    STEM,
    SUM,
    as_bytes,
    cell,
    everything_but_time,
    notebook,
    toy,
    toy_cells,
    write_course,
    write_submissions,
)
from tests.grading.dask_cluster import PARTING, PICKLED, POISON, Cluster, cluster_of, stations_of
from tests.grading.test_command import many, points, rows_written

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed; apt-get install bubblewrap"),
]
SLEEPER = toy("import time\ntime.sleep(60)", SUM)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers, which a poisonous submission can kill; their nannies start them again."""
    poisoned = str(tmp_path_factory.mktemp("cluster") / "poisoned")
    with cluster_of([{"POISONED": poisoned}] * 2) as cluster:
        cluster.poisoned = Path(poisoned)
        yield cluster


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course")


def grading(course: Path, address: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "seqviz.cli", "grade", "submissions", "--assignment", STEM, "--out", "results"]
    options = ["--dask", address] if address else ["--jobs", "2"]
    return subprocess.Popen(
        [*command, "--seed", "1", "--memory", "1024", *options, *arguments],
        cwd=course,
        env=os.environ | {"TQDM_DISABLE": "1"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def graded(course: Path, address: str, *arguments: str) -> tuple[int, str]:
    """Grade with two kernels' worth of patience; return exit code and words."""
    running = grading(course, address, *arguments)
    try:
        said = running.communicate(timeout=120)[1]
    finally:
        running.kill()
    assert "Traceback" not in said, said
    return running.returncode, said


def content(results: Path) -> list[tuple[Any, ...]]:
    return everything_but_time(results / "gradebook.sqlite")


def until(rows: int, course: Path, running: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while rows_written(course / "results") < rows and running.poll() is None:
        assert time.monotonic() < deadline, "nothing comes any more"
        time.sleep(0.01)


def assert_no_station_is_left(cluster: Cluster) -> None:
    _, alive = psutil.wait_procs(cluster.stations(), timeout=30)
    assert alive == []


def write_class(course: Path) -> None:
    """Write eight submissions, handed in at a time that is the same wherever they are graded."""
    for path in write_submissions(course / "submissions", many(8)).iterdir():
        os.utime(path, (1000, 1000))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a class that this machine has graded alone."""
    course = write_course(tmp_path_factory.mktemp("here") / "course")
    write_class(course)
    assert graded(course, "")[0] == 0
    return course / "results"


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_class_is_graded_as_it_is_here_row_by_row(cluster: Cluster, course: Path, here: Path) -> None:
    write_class(course)
    (course / "scheduler.json").write_bytes(as_bytes({"address": cluster.address}))
    code, said = graded(course, "scheduler.json", "--profile")
    assert code == 0, said
    assert "8 of 8 submissions graded" in said
    assert "memory of kernels:" in said
    assert content(course / "results") == content(here)
    assert files_in(course / "results") == files_in(here)
    assert_no_station_is_left(cluster)
    again, said = graded(course, cluster.address)  # nothing is done twice, and nobody is asked to start anything
    assert (again, cluster.stations()) == (0, [])
    assert "(8 of them before)" in said


def test_workers_begin_before_the_coordinator_has_read_the_checks(cluster: Cluster, course: Path) -> None:
    write_submissions(course / "submissions", many(2))
    code, said = graded(course, cluster.address, "--regrade", "nothing")  # found out when they have begun
    assert code == 2
    assert "no cell nothing to regrade" in said
    assert_no_station_is_left(cluster)

    checks, seen = course / "solutions" / "checks" / "toy.py", course / "seen"
    waiting = f"import pathlib, time\nwhile not pathlib.Path({str(seen)!r}).exists():\n    time.sleep(0.01)\n"
    checks.write_text(waiting + checks.read_text())
    running = grading(course, cluster.address)
    deadline = time.monotonic() + 60
    while not cluster.stations() and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    begun = cluster.stations()
    seen.touch()
    said = running.communicate(timeout=120)[1]
    assert begun
    assert running.returncode == 0, said
    assert "2 of 2 submissions graded" in said


def test_ctrl_c_ends_what_runs_on_the_workers_and_the_next_run_goes_on(cluster: Cluster, course: Path) -> None:
    write_submissions(course / "submissions", {**many(4), "zoe": SLEEPER})
    running = grading(course, cluster.address)
    until(2, course, running)
    family = [one for station in cluster.stations() for one in (station, *station.children(recursive=True))]
    assert family
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert running.returncode == 1
    assert "interrupted: the same command goes on from here" in said
    assert "Traceback" not in said
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []
    assert len(points(course / "results")) == rows_written(course / "results")  # the tables were written too
    (course / "submissions" / "zoe.ipynb").unlink()
    code, said = graded(course, cluster.address)
    assert code == 0, said
    assert "of them before)" in said


def test_a_poisonous_submission_takes_two_workers_down_and_is_named(cluster: Cluster, course: Path) -> None:
    words = {"eve": POISON, "fay": PICKLED, "gus": PARTING}
    hostile = {name: toy(f"{LEAKY}  {word}", SUM) for name, word in words.items()}
    write_submissions(course / "submissions", {**many(5), **hostile})
    code, said = graded(course, cluster.address)
    assert code == 1
    assert "eve: not graded: its worker" in said
    assert "fay: not graded: TypeError" in said  # a worker that returns a pickle is not listened to
    assert "gus: not graded: its worker" in said  # lost with an answer that nobody had yet
    assert not cluster.poisoned.with_suffix(".unpickled").exists()
    assert "5 of 8 submissions graded" in said
    assert len(cluster.poisoned.read_text().splitlines()) == 2
    assert points(course / "results")["eve"] == ["", ""]
    assert points(course / "results")["student 00"] == [3, 2]

    write_submissions(course / "submissions", {name: toy(LEAKY, SUM) for name in hostile})
    checks = course / "solutions" / "checks" / "toy.py"
    checks.write_text(checks.read_text().replace("return x.sum(1)", "return x.sum(1) + 1"))
    code, said = graded(course, cluster.address, "--regrade", "time-sum-check")
    assert code == 0, said
    assert points(course / "results")["eve"] == points(course / "results")["student 00"] == [3, 0]


def test_kernels_see_nothing_of_the_worker_and_the_class(cluster: Cluster, course: Path) -> None:
    canary = "CANARY-22"
    (course / "data").mkdir()
    (course / "data" / "numbers.csv").write_text("1,2,3")
    scheduler = cluster.address.removeprefix("tcp://").split(":")
    looking = f"""
        import os, re, socket
        assert open("numbers.csv").read() == "1,2,3"
        seen = [place for place in {[str(course), str(Path(cluster.poisoned).parent)]} if os.path.exists(place)]
        seen += [name for name in os.environ if "DASK" in name or "POISON" in name]
        own = str(os.getpid())
        seen += [pid for pid in os.listdir("/proc") if pid.isdigit() and pid != own]
        try:
            socket.create_connection(({scheduler[0]!r}, {scheduler[1]}), timeout=1)
            seen.append("the scheduler")
        except OSError:
            pass
        held = b""
        for line in open("/proc/self/maps"):
            start, end = (int(number, 16) for number in line.split()[0].split("-"))
            if " rw" in line:
                with open("/proc/self/mem", "rb") as memory:
                    memory.seek(start)
                    held = memory.read(end - start)
                if re.search(b"CANAR[Y]-22", held):
                    seen.append("another submission")
        del held
        if seen:
            raise ValueError(seen)
        """
    looks = cell(os.linesep.join(line[8:] for line in looking.splitlines()), id="mine")
    checks = course / "solutions" / "checks" / "toy.py"
    checks.write_text(checks.read_text() + f"\n# {canary}\n")
    notebooks = {f"honest {number}": toy(f"{LEAKY}  # {canary}", SUM) for number in range(3)}
    write_submissions(course / "submissions", {**notebooks, "eve": notebook([*toy_cells(LEAKY, SUM), looks])})
    code, said = graded(course, cluster.address, "--files", "data")
    assert code == 0, said
    executed = json.loads((course / "results" / "notebooks" / "eve.ipynb").read_text())
    own = executed["cells"][-1]
    assert own["metadata"]["seqviz"]["status"] == "ran", own["outputs"]


def killed_at_random_moments(cluster: Cluster, course: Path, kills: int, seed: int) -> None:
    """Kill a worker over and over while a class is graded; what two of them were lost with is run again."""
    write_class(course)
    draw = random.Random(seed)
    running = grading(course, cluster.address)
    for _ in range(kills):
        if running.poll() is not None:  # all is graded, or given up: begin again
            assert "Traceback" not in running.communicate()[1]
            shutil.rmtree(course / "results")
            running = grading(course, cluster.address)
        if draw.random() < 0.7:
            until(rows_written(course / "results") + draw.randrange(1, 4), course, running)
        time.sleep(2 * draw.random())
        if grading_ones := [worker for worker in cluster.workers if stations_of(worker)]:
            with contextlib.suppress(psutil.Error):
                draw.choice(grading_ones).kill()
    said = running.communicate(timeout=120)[1]
    assert "Traceback" not in said
    if running.returncode:
        assert "was lost" in said
        assert graded(course, cluster.address)[0] == 0


# Four kills in every run, all twenty in `make test-slow`: after most of them Dask, torch and a parent start anew.
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))])
def test_workers_killed_at_four_moments_change_no_row(cluster: Cluster, course: Path, here: Path, seed: int) -> None:
    killed_at_random_moments(cluster, course, kills=4, seed=seed)
    assert content(course / "results") == content(here)
    assert_no_station_is_left(cluster)


def test_a_worker_without_a_sandbox_gets_no_work_and_a_scheduler_that_goes_costs_nothing(course: Path) -> None:
    write_submissions(course / "submissions", {**many(4), "zoe": SLEEPER})
    blind = {"PATH": "/nonexistent"}
    with cluster_of([blind, {}]) as cluster:
        running = grading(course, cluster.address)
        until(3, course, running)
        family = [one for worker in cluster.workers for one in (worker, *worker.children(recursive=True))]
        cluster.process.kill()
        said = running.communicate(timeout=120)[1]
    assert running.returncode == 1
    assert "Traceback" not in said
    assert said.count("gets no work: bubblewrap is not installed") == 1
    assert f"the Dask scheduler at {cluster.address} has gone: the same command goes on from here" in said
    kept = rows_written(course / "results")
    assert len(points(course / "results")) == kept >= 3
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []
    (course / "submissions" / "zoe.ipynb").unlink()
    with cluster_of([blind]) as cluster:
        code, said = graded(course, cluster.address)
        assert code == 2
        assert "no worker of the cluster can grade" in said
    code, said = graded(course, "")
    assert code == 0
    assert f"({kept} of them before)" in said


def test_no_scheduler_is_wrong_use(course: Path) -> None:
    write_submissions(course / "submissions", {"ada": toy(LEAKY, SUM)})
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        code, said = graded(course, address)
        assert code == 2
        assert f"no Dask scheduler answers at {address}" in said
        assert not (course / "results").exists()
