"""What kernels may do: the bubblewrap command their parent runs in, and the limits each of them has."""

import os
import pwd
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import seqviz
from seqviz.grading import hiding
from seqviz.grading.errors import WrongUseError
from seqviz.grading.kernel_wall import FILES, FONTS, SCRATCH

BWRAP, LIMITS = "bwrap", "limits"

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
_SYSTEM_PLACES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts", "/var/cache/fontconfig")
# Accounts end at 60,000 on Linux systems, 65,534 is nobody; systemd gives services a free number out of this range too.
USERS = range(64_200, 65_200)
_BLOCK = 50
_FONT_BYTES = 16 << 20

# What a kernel sees of its surroundings, beside its scratch folder. One thread each: more kernels are in flight than
# there are cores.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NBGRADER_EXECUTION": "autograde",  # as in nbgrader: notebooks ask for it to skip what takes long
}

# What `--sandbox limits` leaves open, in words for the report.
NOT_ENFORCED = (
    "network access is not blocked",
    "files of the account that grades can be read and written, the gradebook and other submissions included",
    "kernels are not walled off from each other nor from their parent process",
    "the scratch folder has no limit in size",
    "processes are limited in memory, CPU time and open files one by one, not all together",
)


class SandboxError(WrongUseError):
    """The sandbox cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class Limits:
    """The limits of one kernel: bytes of memory and of scratch folder, CPU seconds per process, number of tasks."""

    memory: int = 2 << 30
    scratch: int = 256 << 20
    cpu: int = 3600
    processes: int = 64

    def as_request(self) -> dict[str, int]:
        """Return the form in which a keeper reads them, with what a socket can hold: only out here can that be read."""
        return asdict(self) | {"socket": int(Path("/proc/sys/net/core/wmem_default").read_text())}


def require(sandbox: str, secret: Iterable[Path] = ()) -> None:
    """Raise :class:`SandboxError` unless this machine has what ``sandbox`` needs, and it hides ``secret``."""
    if sandbox == LIMITS:
        return
    if shutil.which("bwrap") is None:
        raise SandboxError(
            "bubblewrap is not installed, and without it submissions would run unprotected: install the package "
            "`bubblewrap` (apt install bubblewrap), or give --sandbox limits and read what that does not enforce"
        )
    probe = subprocess.run([*bwrap_command(secret), "/usr/bin/true"], capture_output=True, text=True, check=False)
    if probe.returncode:
        raise SandboxError(
            f"bubblewrap does not work here: {probe.stderr.strip() or probe.returncode}. An ordinary user needs "
            "unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone, "
            "kernel.apparmor_restrict_unprivileged_userns); --sandbox limits goes without"
        )


def environment(*, walled: bool) -> dict[str, str]:
    """Return the whole environment of a kernel; what it writes goes to its scratch folder, where it has one."""
    folder = SCRATCH if walled else tempfile.gettempdir()
    return ENVIRONMENT | {"HOME": folder, "TMPDIR": folder}


def bwrap_command(secret: Iterable[Path] = (), files: Path | None = None) -> list[str]:
    """Return the bubblewrap command that the parent's own command follows; in it, ``secret`` places are empty.

    ``files`` is a folder of copies that all kernels may read.
    """
    arguments = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid():
        arguments += ["--unshare-user"]
    else:  # enough to become another user, and to uncover /proc
        arguments += ["--cap-drop", "ALL"]
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN"):
            arguments += ["--cap-add", capability]
    arguments += ["--die-with-parent", "--new-session", "--clearenv", "--hostname", "grading"]
    for name, value in environment(walled=True).items():
        arguments += ["--setenv", name, value]
    arguments += _system_mounts()
    mounts = _our_folders()
    covers = hiding.covers(
        secret, [*(place for place in _SYSTEM if Path(place).is_dir() and not Path(place).is_symlink()), *mounts]
    )
    # Outer places first: what lies inside a cover, such as a virtual environment in the course, is seen again.
    for place in sorted({*mounts, *covers}, key=lambda place: len(Path(place).parts)):
        if place in mounts:
            arguments += [*_open_folders(place), "--ro-bind", place, place]
        elif Path(place).is_dir():
            arguments += ["--perms", "0755", "--tmpfs", place]
        else:
            arguments += ["--ro-bind", "/dev/null", place]
    # /dev/zero, mapped, is shared memory without a name: see kernel_wall.py
    arguments += ["--proc", "/proc", "--dev", "/dev", "--dev-bind", "/dev/null", "/dev/zero"]
    arguments += ["--perms", "0700", "--dir", SCRATCH, "--chdir", SCRATCH]
    arguments += ["--perms", "1777", "--size", str(_FONT_BYTES), "--tmpfs", FONTS]
    arguments += ["--ro-bind", str(files), FILES] if files else []
    if not any(folder.startswith("/tmp/") for folder in mounts):  # a checkout may lie there
        arguments += ["--symlink", SCRATCH, "/tmp"]
    for place in covers:
        if Path(place).is_dir():
            arguments += ["--remount-ro", place]
    return [*arguments, "--remount-ro", "/dev", "--remount-ro", "/"]


class Users:
    """Numbers of users that own nothing here, reserved for one run if this is root: what Linux counts per user is then
    counted per kernel. An ordinary user has one number, their own."""

    def __init__(self, count: int) -> None:
        """Reserve at least ``count`` of them, and one for the kernels' parent."""
        self.numbers: list[int] = []
        self._reserved: list[socket.socket] = []
        if os.getuid():
            return
        taken = _users_in_use()
        blocks = [USERS[start : start + _BLOCK] for start in range(0, len(USERS), _BLOCK)]
        for block in random.sample(blocks, len(blocks)):
            if len(self.numbers) <= count and (mark := _reserved(block)):
                self._reserved.append(mark)
                self.numbers += [number for number in block if number not in taken]
        if len(self.numbers) <= count:
            self.release()
            raise SandboxError(
                f"{count + 1} free user numbers from {USERS[0]} to {USERS[-1]} are needed: too many runs"
            )

    def release(self) -> None:
        """Let another run have them."""
        for mark in self._reserved:
            mark.close()


def _reserved(block: range) -> socket.socket | None:
    """Bind a name that stands for a block of numbers, which is free again when this process ends, however it does."""
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0seqviz-users-{block[0]}")
    except OSError:
        mark.close()
        return None
    return mark


def _users_in_use() -> set[int]:
    taken = {account.pw_uid for account in pwd.getpwall()}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it may have ended since it was listed
            taken.add(process.stat().st_uid)
    return taken


def _system_mounts() -> list[str]:
    arguments: list[str] = []
    for folder in _SYSTEM:
        if Path(folder).is_symlink():
            arguments += ["--symlink", str(Path(folder).readlink()), folder]
        elif Path(folder).is_dir():
            arguments += ["--ro-bind", folder, folder]
    for place in _SYSTEM_PLACES:
        arguments += [*_open_folders(place), "--ro-bind-try", place, place]
    return arguments


def _open_folders(place: str) -> list[str]:
    """Make the folders around ``place`` such that every user may go through: bubblewrap would make them for its own."""
    return [word for folder in reversed(Path(place).parents[:-1]) for word in ("--perms", "0755", "--dir", str(folder))]


def _our_folders() -> list[str]:
    """List interpreter, environment and package: nothing around them, so no checkout and no home comes along."""
    package = Path(seqviz.__file__).resolve().parent
    wanted = [os.path.realpath(sys.base_prefix), sys.base_prefix, str(package)]
    # Of a virtual environment only what is the environment's: it may have been made in the course's own folder.
    parts = ("bin", "lib", "lib64", "pyvenv.cfg")
    wanted += [f"{sys.prefix}/{part}" for part in parts] if sys.prefix != sys.base_prefix else []
    # What students have too: the checks compiled from public inputs, beside the package in a checkout.
    wanted += [str(package.parent / "exercises" / "checks")]
    present = {os.path.normpath(place) for place in wanted if Path(place).exists()}
    for place in present & {"/", str(Path.home())}:
        raise SandboxError(f"the interpreter's folder is {place}: mounting it would show everything in it")
    return sorted(place for place in present if place not in _SYSTEM)
