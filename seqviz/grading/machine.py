"""How much of the machine there is for grading: in a container its limits, not the host's memory and cores."""

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from seqviz.grading.control_groups import MEMBERSHIP, ROOT
from seqviz.grading.errors import WrongUseError

_PER_CORE = 3  # a kernel waits more than it computes
_OWN_MEMORY = 512 << 20  # of the coordinator and of the process that kernels are forked from
_WORKER_MEMORY = 256 << 20  # of a worker beside its kernel

_DESCRIPTORS = 1 << 14


def prepare_process() -> None:
    """Prepare a process that grades; call this before libraries are loaded."""
    # More processes than cores run at once: libraries that start a thread per core must be told before.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    # nbformat loads jsonschema, which spends a second on a grammar of web addresses if that package is there.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    _raise_descriptor_limit()


@contextlib.contextmanager
def importing() -> Iterator[None]:
    """Import without the garbage collector, which would look again and again through modules that all stay."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _raise_descriptor_limit() -> None:
    """Be allowed more descriptors than a kernel: Linux holds those that a kernel has on their way against its user."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on Windows
        import resource

        least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(least, min(most, _DESCRIPTORS)), most))


def require_memory(of_one: int) -> None:
    """Raise :class:`WrongUseError` unless a kernel's limit is less than what this process may take."""
    if of_one > memory():
        there = f"{memory() >> 20} MB"
        raise WrongUseError(f"--memory {of_one >> 20}: there are {there} here for everything; give less than that")


def kernels_at_once(cores: int, memory_of_one: int, share: int | None = None) -> int:
    """Return how many kernels may run at once: more than cores, and no more than there is room for if all take all.

    ``share`` is how much of the machine's memory they may take, in bytes (default: all).
    """
    room = min(memory(), share or memory()) - _OWN_MEMORY
    return max(1, min(_PER_CORE * cores, room // (memory_of_one + _WORKER_MEMORY)))


def memory(root: Path = ROOT, membership: Path = MEMBERSHIP) -> int:
    """Return the bytes this process and its children may take together: the least of the machine's and all limits."""
    limits = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for group in _groups("memory", root, membership):
        for name in ("memory.max", "memory.limit_in_bytes"):
            limits += [int(word) for word in _words(group / name) if word.isdigit()]  # not "max"
    return min(limits)


def cores(root: Path = ROOT, membership: Path = MEMBERSHIP) -> int:
    """Return how many cores this process may use: those it may run on, or fewer where its time is limited."""
    limits = [len(os.sched_getaffinity(0))]
    for group in _groups("cpu", root, membership):
        quota, period = [*_words(group / "cpu.max"), "max", "100000"][:2]
        if older := _words(group / "cpu.cfs_quota_us"):  # -1: no limit
            [quota], [period] = older, _words(group / "cpu.cfs_period_us")
        if quota.isdigit():
            limits.append(-(-int(quota) // int(period)))
    return max(1, min(limits))


def _groups(controller: str, root: Path, membership: Path) -> Iterator[Path]:
    """List the groups that limit this process: in both versions of control groups its own and all above."""
    for line in membership.read_text().splitlines() if membership.exists() else ():
        _, controllers, path = line.split(":", 2)
        top = root / controllers if controllers else root
        if controller in controllers.split(",") or not controllers:
            own = top / path.strip("/")
            # A container sees its own group at the top, whatever its path is called outside.
            yield from (group for group in (own, *own.parents) if group.is_relative_to(top))


def _words(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:  # no such group or limit here
        return []
