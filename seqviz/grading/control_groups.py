"""Control groups (cgroup v2): where one is delegated to the grader, Linux itself keeps and counts what kernels take.

    the group of this process ─┬─ grader-…    coordinator, workers, kernel server
                               └─ kernel-…    one kernel and all it starts

Elsewhere (version 1, a group that holds other processes, a container to which nothing is delegated) each kernel's
keeper measures it: see kernel_keeper.py.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT, MEMBERSHIP = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
_CONTROLLERS = {"memory", "pids"}


@contextlib.contextmanager
def delegated(root: Path = ROOT, membership: Path = MEMBERSHIP) -> Iterator[str]:
    """Make this process's group ready for groups of kernels; yield its folder, or nothing where that is not allowed.

    A group that hands limits down may hold no process, so this one moves into a group below its own, and at the end
    back. Processes forked meanwhile come along.
    """
    names = [line.removeprefix("0::/") for line in membership.read_text().splitlines() if line.startswith("0::/")]
    own = root.joinpath(*names)
    grader, new = own / f"grader-{os.getpid()}", set[str]()
    try:
        new = _CONTROLLERS - {*(own / "cgroup.subtree_control").read_text().split()}
        grader.mkdir()
        (grader / "cgroup.procs").write_text("0")
        (own / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in sorted(new)))
        folder = str(own)
    except OSError:  # read-only, not ours, or somebody else is in it
        folder = ""
    try:
        yield folder
    finally:
        if grader.is_dir():
            for left in own.glob("kernel-*"):
                _remove(left)
            with contextlib.suppress(OSError):
                (own / "cgroup.subtree_control").write_text(" ".join(f"-{name}" for name in sorted(new)))
            with contextlib.suppress(OSError):
                (own / "cgroup.procs").write_text("0")
            _remove(grader)


class KernelGroup:
    """The group of one kernel, with limits for all of its processes together."""

    def __init__(self, above: str, memory: int, processes: int, **_: int) -> None:
        """Make it below the group ``above``, with limits in bytes and tasks.

        Raises:
            OSError: the group cannot be made, or takes no limits.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="kernel-", dir=above))
        for name, value in (("memory.max", memory), ("memory.oom.group", 1), ("pids.max", processes)):
            (self.folder / name).write_text(str(value))
        with contextlib.suppress(OSError):  # a system without swap has no such file
            (self.folder / "memory.swap.max").write_text("0")
        # A process enters by writing 0 there, and needs no other right than this descriptor.
        self.entrance = os.open(self.folder / "cgroup.procs", os.O_WRONLY | os.O_CREAT)

    def waited(self) -> float | None:
        """Return the seconds in which a task waited for a core; None where Linux does not count them."""
        try:
            some, *_ = (self.folder / "cpu.pressure").read_text().splitlines()
        except (OSError, ValueError):
            return None
        return int(some.rpartition("total=")[2]) / 1e6

    def out_of_memory(self) -> bool:
        """Whether Linux killed it for its memory."""
        with contextlib.suppress(OSError):
            events = dict(line.split() for line in (self.folder / "memory.events").read_text().splitlines())
            return int(events.get("oom_kill", 0)) > 0
        return False

    def remove(self) -> None:
        """Remove it, if its processes have ended; else :func:`delegated` does so at the end of the run."""
        os.close(self.entrance)
        _remove(self.folder)


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
