"""The keeper of one kernel: it starts the kernel, behind the wall if asked to, measures it, and reports how it ended.

Messages are JSON, one per packet. To the keeper: the request (with the five listening sockets of a kernel, and the
entrance of a control group where it has one), then ``{"signal": n}`` or ``{}``, to know how long it waited for a core.
From it: ``{"pid": n}`` or ``{"failed": words}``, then answers ``{"waited": s}`` and at the end
``{"exit": code, "reason": words or null}``. The kernel dies when the connection closes.
"""

import contextlib
import json
import os
import select
import signal
import socket
from pathlib import Path
from typing import Any, NoReturn

from seqviz.grading import kernel_wall

MESSAGE_BYTES = 1 << 20
OUT_OF_MEMORY = "out of memory"
_TICK_SECONDS = 0.2
_NEARLY = 0.8  # of the memory limit
_POLLS = 48  # epoll instances of one process: an ordinary user's kernels share a count of what they watch


def keep(connection: socket.socket, user: int | None) -> NoReturn:
    """Start the kernel that a client asks for and look after it until one of the two is gone."""
    try:
        if user is not None:
            if not user:
                raise OSError("more kernels than users of their own")
            kernel_wall.become_another_user(user)
        kernel_wall.die_with_parent()
        os.setsid()
        _Keeper(connection).run()
    except BaseException as error:
        _send(connection, {"failed": f"{type(error).__name__}: {error}"})
    os._exit(0)


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # if the client is gone, what is left to do does not depend on it
        connection.send(json.dumps(message).encode())


class _Keeper:
    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        blob, descriptors, _, _ = socket.recv_fds(connection, MESSAGE_BYTES, 8)
        self.request = json.loads(blob)
        self.entrance = descriptors.pop() if self.request.get("grouped") else None  # Linux then watches over its memory
        self.listeners = [socket.socket(fileno=descriptor) for descriptor in descriptors]
        self.limits = self.request.get("limits")
        self.walled = self.request.get("walled", False)
        self.reason: str | None = None
        self.polls = 0  # as of the last measurement

    def run(self) -> None:
        if self.walled:
            kernel_wall.enter_namespaces()
        else:
            kernel_wall.adopt_orphans()
        ready, kernel_ready = os.pipe()
        self.kernel = os.fork()
        if self.kernel == 0:
            os.close(ready)
            self.be_the_kernel(kernel_ready)
        os.close(kernel_ready)
        for listener in self.listeners:
            listener.close()
        if self.entrance is not None:
            os.close(self.entrance)
        failure = os.read(ready, 1000).decode()  # nothing but the end of the pipe if all went well
        os.close(ready)
        self.before = self.resident()
        _send(self.connection, {"failed": failure} if failure else {"pid": self.kernel})
        status = self.watch()
        self.sweep()
        _send(self.connection, {"exit": os.waitstatus_to_exitcode(status), "reason": self.reason})

    def be_the_kernel(self, kernel_ready: int) -> NoReturn:
        try:
            self.connection.close()
            if self.entrance is not None:
                os.write(self.entrance, b"0")
                os.close(self.entrance)
            os.setsid()  # signals to its own group, 0, must not reach the keeper
            kernel_wall.die_with_parent()
            if self.walled:
                kernel_wall.furnish(self.limits["scratch"])
            else:
                kernel_wall.hide_memory(False)
            if self.limits:
                kernel_wall.limit(self.limits["memory"], self.limits["scratch"], self.limits["cpu"])
                kernel_wall.give_way()
            if self.walled:
                kernel_wall.lock(self.limits["processes"])
            os.close(kernel_ready)
        except BaseException as error:
            os.write(kernel_ready, f"{type(error).__name__}: {error}".encode())
            os._exit(70)
        from seqviz.grading import forked_kernel

        status = 1
        try:
            forked_kernel.run(self.request, self.listeners)
            status = 0
        finally:
            os._exit(status)

    def watch(self) -> int:
        """Pass signals on, answer questions, keep to the memory limit; return the kernel's wait status."""
        handle = os.pidfd_open(self.kernel)
        poller = select.poll()
        poller.register(handle, select.POLLIN)
        poller.register(self.connection, select.POLLIN)
        measured = self.limits and self.entrance is None
        tick = _TICK_SECONDS * 1000 if measured else None
        while True:
            events = dict(poller.poll(tick))
            if handle in events:
                _, status, used = os.wait4(self.kernel, 0)
                if status and self.limits and used.ru_maxrss * 1024 - self.before > _NEARLY * self.limits["memory"]:
                    self.reason = self.reason or OUT_OF_MEMORY  # most programs do not survive their last allocation
                return status
            if self.connection.fileno() in events and not self.obey():
                poller.unregister(self.connection)
            if measured and (self.resident() - self.before > self.limits["memory"] or self.polls > _POLLS):
                self.reason = OUT_OF_MEMORY
                self.signal(signal.SIGKILL)

    def obey(self) -> bool:
        """Do what the client says; return whether it is still there."""
        try:
            order = self.connection.recv(MESSAGE_BYTES)
        except OSError:
            order = b""
        if not order:
            self.signal(signal.SIGKILL)
            return False
        message = json.loads(order)
        if "signal" in message:
            self.signal(message["signal"])
        else:
            _send(self.connection, {"waited": self.waited()})
        return True

    def signal(self, number: int) -> None:
        try:
            if self.walled:
                os.kill(self.kernel, number)
            else:
                os.killpg(self.kernel, number)  # as jupyter_client does: subprocesses are interrupted too
        except ProcessLookupError:
            pass  # it has ended; the number is still its own, since nobody has waited for it

    def sweep(self) -> None:
        """Kill what the kernel left behind. Behind the wall nothing is: a world ends with its process 1."""
        while not self.walled:
            strays = _children(os.getpid())
            if not strays:
                return
            for stray in strays:
                os.kill(stray, signal.SIGKILL)
            for stray in strays:
                os.waitpid(stray, 0)

    # --- measuring --------------------------------------------------------------------------------------------------
    def members(self) -> list[int]:
        """List the kernel's processes: behind the wall, all that ``/proc`` shows."""
        if self.walled:
            return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        found = [self.kernel]
        for member in found:
            found += _children(member)
        return found

    def resident(self) -> int:
        """Count the bytes of private and shared memory of the kernel's processes, of their scratch folders, and what
        their sockets can hold."""
        private = shared = stored = 0
        members = self.members()
        for member in members:
            status = _status(member)
            private += status.get("VmSwap", 0)
            shared += status.get("RssShmem", 0)
            # Forked siblings share most pages: count those in proportion, where it matters and can be read.
            private += status.get("RssAnon", 0) if len(members) == 1 else _proportional(member, status)
        opened = [_descriptors(member) for member in members]
        self.polls = max((names.count("anon_inode:[eventpoll]") for names in opened), default=0)
        sockets = {name for names in opened for name in names if name.startswith("socket:")}
        waiting = len(sockets) * self.limits["socket"] if self.limits else 0  # what waits in them is memory of nobody
        if self.walled:
            for folder in (kernel_wall.SCRATCH, "/dev/shm"):
                disk = os.statvfs(folder)
                stored += (disk.f_blocks - disk.f_bfree) * disk.f_frsize
        return private + max(shared, stored) + waiting

    def waited(self) -> float:
        """Add up the seconds that the kernel's tasks have waited for a core."""
        waited = 0
        for member in self.members():
            for task in _tasks(member):
                fields = _words(f"/proc/{member}/task/{task}/schedstat")
                waited += int(fields[1]) if len(fields) > 1 else 0
        return waited / 1e9


def _text(path: str) -> str:
    """Read a file of ``/proc``. A process chooses its own name, which stands in some of them: it may be no text."""
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""  # ended meanwhile


def _words(path: str) -> list[str]:
    return _text(path).split()


def _status(process: int) -> dict[str, int]:
    lines = [line.split() for line in _text(f"/proc/{process}/status").splitlines()]
    wanted = {"RssAnon:", "RssShmem:", "VmSwap:"}
    return {words[0][:-1]: int(words[1]) * 1024 for words in lines if words and words[0] in wanted}


def _proportional(process: int, status: dict[str, int]) -> int:
    words = _words(f"/proc/{process}/smaps_rollup")
    if "Pss_Anon:" not in words:
        return status.get("RssAnon", 0)
    return int(words[words.index("Pss_Anon:") + 1]) * 1024


def _descriptors(process: int) -> list[str]:
    """Name what is open in a process."""
    found = []
    with contextlib.suppress(OSError):  # ended meanwhile
        for descriptor in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile
                found.append(str(descriptor.readlink()))
    return found


def _tasks(process: int) -> list[str]:
    try:
        return [task.name for task in Path(f"/proc/{process}/task").iterdir()]
    except OSError:
        return []  # ended meanwhile


def _children(process: int) -> list[int]:
    return [int(child) for task in _tasks(process) for child in _words(f"/proc/{process}/task/{task}/children")]
