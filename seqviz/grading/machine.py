"""How much memory there is: in a container its limit, not the host's."""

import os
from pathlib import Path

_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_PER_CORE = 3  # a kernel waits more than it computes
_OWN_MEMORY = 512 << 20  # of the coordinator and of the process that kernels are forked from
_WORKER_MEMORY = 256 << 20  # of a worker beside its kernel


def kernels_at_once(cores: int, memory_of_one: int) -> int:
    """Return how many kernels may run at once: more than cores, and no more than there is room for if all take all."""
    room = memory() - _OWN_MEMORY
    return max(1, min(_PER_CORE * cores, room // (memory_of_one + _WORKER_MEMORY)))


def memory(groups: Path = _CONTROL_GROUPS, own: Path = Path("/proc/self/cgroup")) -> int:
    """Return the bytes this process and its children may take together: the least of the machine's and all limits."""
    limits = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for line in own.read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        top, name = groups, "memory.max"
        if controllers:
            top, name = groups / "memory", "memory.limit_in_bytes"
        if controllers in ("", "memory"):
            folder = top / path.strip("/")
            # A container sees its own group at the top, whatever its path is called outside.
            limits += [_limit(above / name) for above in (folder, *folder.parents) if above.is_relative_to(top)]
    return min(limit for limit in limits if limit)


def _limit(file: Path) -> int:
    try:
        text = file.read_text().strip()
    except OSError:  # no such group here
        return 0
    return int(text) if text.isdigit() else 0  # "max"
