"""The client's side of the warm parent: start it, find it, stop it."""

import atexit
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from seqviz.grading import sandbox
from seqviz.grading.data_files import copy_files
from seqviz.grading.errors import IncompleteError
from seqviz.grading.kernel_server import READY

ADDRESS_VARIABLE = "SEQVIZ_WARM_PARENT"
_PREFIX = "seqviz-"
_LOCK, _UNLOCKED = "lock", "lock.new"
_LONGEST_PLACE = 80  # bytes; a socket's whole name has 107 at most
_locks: dict[Path, int] = {}


def private_folder() -> Path:
    """Make a folder for sockets. While this process, or one forked from it, lives, it holds a lock on it."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_short_place()))
    lock = os.open(folder / _UNLOCKED, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    (folder / _UNLOCKED).rename(folder / _LOCK)
    _locks[folder] = lock
    return folder


def _short_place() -> str | None:
    """Return a folder whose sockets' names the system takes: TMPDIR, unless that is too long."""
    place = tempfile.gettempdir()
    if len(os.fsencode(place)) <= _LONGEST_PLACE:
        return None
    for other in ("/tmp", "/var/tmp", "/dev/shm"):
        if os.access(other, os.W_OK | os.X_OK):
            return other
    raise IncompleteError(f"{place}: too long a name for a folder of sockets; set TMPDIR to a shorter one")


def remove_folder(folder: Path) -> None:
    """Remove a folder of sockets, and let go of its lock."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder in _locks:
        os.close(_locks.pop(folder))


def remove_abandoned_folders() -> None:
    """Remove the folders of processes that were killed before they could do it themselves: nobody holds their locks.

    Process numbers would not do: a live grader in a container may use the same folder for temporary files.
    """
    for lock in Path(_short_place() or tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with contextlib.suppress(OSError):  # another user's, held, or another run is at it too
            descriptor = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if lock.parent.lstat().st_uid == os.getuid():
                    shutil.rmtree(lock.parent, ignore_errors=True)
            finally:
                os.close(descriptor)


class KernelServer:
    """A parent process that forks kernels; it ends with :meth:`stop`, and by itself when this process is gone."""

    def __init__(
        self,
        confinement: str | None = None,
        secret: Sequence[Path] = (),
        kernels: int = 32,
        files: Mapping[str, Path] | None = None,
    ) -> None:
        """Start it, for ``confinement`` ``"bwrap"`` in bubblewrap that hides ``secret``, else as a plain process.

        Copies of ``files``, by their names, are in the working folder of each kernel.
        """
        remove_abandoned_folders()
        self.folder = private_folder()
        self.address = str(self.folder / "parent")
        self.walled = confinement == sandbox.BWRAP
        self.secret = secret
        self.files = self.folder / "files" if files else None
        if files:
            copy_files(files, self.folder / "files")
        self.users = sandbox.Users(kernels) if self.walled else None
        self.start()

    def start(self) -> None:
        """Start the process, again if it has ended."""
        Path(self.address).unlink(missing_ok=True)
        self.ready = False
        users = ",".join(map(str, self.users.numbers)) if self.users else ""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self.address)
            listener.listen(256)
            listen = ["--listen", str(listener.fileno()), *(["--users", users] if users else [])]
            self.process = subprocess.Popen(
                [
                    *(sandbox.bwrap_command(self.secret, self.files) if self.walled else []),
                    sys.executable,
                    "-m",
                    "seqviz.grading.kernel_server",
                    *listen,
                ],
                pass_fds=[listener.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C in a terminal is for the client to decide
            )

    def wait_until_ready(self) -> None:
        """Wait for the end of its imports; raise IncompleteError if it fails."""
        if self.ready:
            return
        assert self.process.stdout
        assert self.process.stderr
        if self.process.stdout.readline().decode().strip() != READY:
            words = self.process.stderr.read().decode(errors="replace").strip()
            self.stop()
            raise IncompleteError(f"the kernels' parent process did not start: {words.splitlines()[-1:]}")
        self.process.stdout.close()
        self.process.stderr.close()
        self.ready = True

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End it and all its kernels, and remove its folder."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        if not self.ready:  # it would finish its imports first
            self.process.kill()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        if self.users:
            self.users.release()
        remove_folder(self.folder)


_own: KernelServer | None = None
_owner = 0


def address() -> str:
    """Return the address of this process's parent, started now if need be, or of the one in the environment."""
    global _own, _owner
    if named := os.environ.get(ADDRESS_VARIABLE):
        return named
    if _own is None or _owner != os.getpid() or not _own.alive:
        _own, _owner = KernelServer(), os.getpid()
        atexit.register(_own.stop)
        _own.wait_until_ready()
    return _own.address


def main() -> int:
    """Run a command whose kernels, in all of its processes, come from one parent: `… parent COMMAND ARGUMENT …`."""
    parent = KernelServer()
    try:
        parent.wait_until_ready()
        return subprocess.run(sys.argv[1:], env=os.environ | {ADDRESS_VARIABLE: parent.address}, check=False).returncode
    finally:
        parent.stop()


if __name__ == "__main__":
    sys.exit(main())
