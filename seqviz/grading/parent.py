"""The client's side of the warm parent: start it, find it, stop it."""

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from seqviz.grading import sandbox
from seqviz.grading.errors import IncompleteError
from seqviz.grading.warm import READY

ADDRESS_VARIABLE = "SEQVIZ_WARM_PARENT"
_PREFIX = "seqviz-"


def private_folder() -> Path:
    """Make a folder for sockets, named after this process so that it can be told when nobody needs it any more."""
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def remove_abandoned_folders() -> None:
    """Remove the folders of processes that were killed before they could do it themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):  # another run may be at it too
            if pid.isdigit() and not Path("/proc", pid).exists() and folder.lstat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)


class WarmParent:
    """A parent process that forks kernels; it ends with :meth:`stop`, and by itself when this process is gone."""

    def __init__(self, confinement: str | None = None, secret: Sequence[Path] = (), kernels: int = 32) -> None:
        """Start it, for ``confinement`` ``"bwrap"`` in bubblewrap that hides ``secret``, else as a plain process."""
        remove_abandoned_folders()
        self.folder = private_folder()
        self.address = str(self.folder / "parent")
        self.walled = confinement == sandbox.BWRAP
        self.secret = secret
        self.users = sandbox.Users(kernels if self.walled else 0)
        self.start()

    def start(self) -> None:
        """Start the process, again if it has ended."""
        Path(self.address).unlink(missing_ok=True)
        self.ready = False
        users = ",".join(map(str, self.users.numbers)) if self.walled else ""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self.address)
            listener.listen(256)
            listen = ["--listen", str(listener.fileno()), *(["--users", users] if users else [])]
            self.process = subprocess.Popen(
                [
                    *(sandbox.command(self.secret) if self.walled else []),
                    sys.executable,
                    "-m",
                    "seqviz.grading.warm",
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
        self.users.release()
        shutil.rmtree(self.folder, ignore_errors=True)


_own: WarmParent | None = None
_owner = 0


def address() -> str:
    """Return the address of this process's parent, started now if need be, or of the one in the environment."""
    global _own, _owner
    if named := os.environ.get(ADDRESS_VARIABLE):
        return named
    if _own is None or _owner != os.getpid() or not _own.alive:
        _own, _owner = WarmParent(), os.getpid()
        atexit.register(_own.stop)
        _own.wait_until_ready()
    return _own.address


def main() -> int:
    """Run a command whose kernels, in all of its processes, come from one parent: `… parent COMMAND ARGUMENT …`."""
    parent = WarmParent()
    try:
        parent.wait_until_ready()
        return subprocess.run(sys.argv[1:], env=os.environ | {ADDRESS_VARIABLE: parent.address}, check=False).returncode
    finally:
        parent.stop()


if __name__ == "__main__":
    sys.exit(main())
