"""One grading run of all attacks, with honest students among them, as each kind of user this machine allows."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from seqviz.grading import sandbox
from tests.attacks.attacks import Attack, as_notebook, attacks
from tests.grading.course import LEAKY, STEM, SUM, toy, write_course, write_submissions

CANARY = "CANARY-7f3a"
ORDINARY_USER = 54_321  # no account has it
SECONDS_PER_CELL = 4


@dataclass
class Run:
    """What is left of a grading run: exit code, words, results, and what was heard outside."""

    user: str
    exit_code: int
    words: str
    results: Path
    course: Path
    attacks: dict[str, Attack]
    heard: list[Any] = field(default_factory=list)
    canaries: dict[str, str] = field(default_factory=dict)
    users: range = range(0)
    time: tuple[float, float] = (0.0, 0.0)


def as_ordinary_user(command: list[str], mounts: str = "true") -> list[str]:
    """Return ``command`` as it is run for a user who is not root, with the interpreter in their reach.

    ``mounts`` is a shell command that root runs before, in the command's own mount namespace.

    The interpreter may live in root's home, which is closed to others: in a mount namespace of the command's own, that
    home holds nothing but the interpreter.
    """
    if os.getuid():
        return command
    prefix = os.path.realpath(sys.base_prefix)
    home = str(Path.home())
    open_it = ""
    if prefix.startswith(f"{home}/"):
        open_it = (
            f"keep=$(mktemp -d) && mount --bind '{prefix}' $keep && mount -t tmpfs -o mode=755 tmpfs '{home}' && "
            f"mkdir -p '{prefix}' && mount --move $keep '{prefix}' && rmdir $keep && "
        )
    become = (
        f"setpriv --reuid {ORDINARY_USER} --regid {ORDINARY_USER} --clear-groups --inh-caps=-all --bounding-set=-all"
    )
    script = f'mount --make-rprivate / && {mounts} && {open_it}exec {become} "$@"'
    return ["unshare", "--mount", "bash", "-ec", script, "bash", *command]


@pytest.fixture(scope="session", params=["root", "ordinary user"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    user = request.param
    if user == "root" and os.getuid():
        pytest.skip("these tests are run as an ordinary user, who cannot grade as root")
    # Not pytest's own folder: each new session of pytest closes that to other users.
    with tempfile.TemporaryDirectory(prefix="attacks-") as base, _listener() as (port, heard):
        Path(base).chmod(0o755)
        yield _run(user, Path(base), port, heard)


def _run(user: str, base: Path, port: int, heard: list[Any]) -> Run:
    course = write_course(base / "course")
    results = course / "results"
    home = base / "home"
    for folder in (results, home):
        folder.mkdir()
    places = {
        "home": str(home / "secret"),
        "solutions": str(course / "solutions" / "checks" / "toy.py"),
        "other submission": str(course / "submissions" / "honest 1.ipynb"),
        "gradebook": str(results / "gradebook.sqlite"),
    }
    (home / "secret").write_text(CANARY)
    with Path(places["solutions"]).open("a") as file:
        file.write(f"\n# {CANARY}\n")
    hostile = attacks(places, port)
    notebooks: dict[str, Any] = {name.replace("/", "∕"): as_notebook(attack) for name, attack in hostile.items()}
    notebooks |= {f"honest {number}": toy(f"{LEAKY}  # {CANARY}", SUM) for number in range(6)}
    submissions = write_submissions(course / "submissions", notebooks)
    command = [
        sys.executable,
        "-m",
        "seqviz.cli",
        "grade",
        str(submissions),
        "--assignment",
        STEM,
        "--out",
        str(results),
    ]
    command += ["--jobs", "2", "--timeout", str(SECONDS_PER_CELL), "--memory", "1024", "--seed", "11"]
    users = sandbox.USERS
    if user != "root":
        number = ORDINARY_USER if os.getuid() == 0 else os.getuid()
        command, users = as_ordinary_user(command), range(number, number + 1)
        if os.getuid() == 0:
            for path in (course, *course.rglob("*")):
                shutil.chown(path, ORDINARY_USER, ORDINARY_USER)
    environment = os.environ | {"HOME": str(home), "TQDM_DISABLE": "1"}
    started = time.time()
    done = subprocess.run(
        command, cwd=course, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    words, window = done.stdout + done.stderr, (started, time.time())
    print(words)  # pytest shows it with the first test that fails
    return Run(user, done.returncode, words, results, course, hostile, heard, places, users, window)


class _listener:  # noqa: N801 used like a function
    """Listen outside, on a port and under an abstract name, and note who comes."""

    def __enter__(self) -> tuple[int, list[Any]]:
        self.heard: list[Any] = []
        self.sockets = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)]
        self.sockets[1].bind(f"\0outside-{self.sockets[0].getsockname()[1]}")
        self.sockets[1].listen()
        for one in self.sockets:
            threading.Thread(target=self._listen, args=(one,), daemon=True).start()
        return self.sockets[0].getsockname()[1], self.heard

    def _listen(self, listening: socket.socket) -> None:
        try:
            while True:
                connection, where = listening.accept()
                self.heard.append(where)
                connection.close()
        except OSError:
            pass  # closed

    def __exit__(self, *_: Any) -> None:
        for one in self.sockets:
            one.shutdown(socket.SHUT_RDWR)
            one.close()


def processes_of(run: Run) -> list[str]:
    """List the processes of the users that a run's kernels had, which were started during that run."""
    return [
        " ".join(process.info["cmdline"] or [])
        for process in psutil.process_iter(["uids", "cmdline", "status", "create_time"])
        if process.info["uids"]
        and process.info["uids"].real in run.users
        and process.info["status"] != psutil.STATUS_ZOMBIE
        and run.time[0] <= process.info["create_time"] <= run.time[1]
    ]
