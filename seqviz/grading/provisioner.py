"""A jupyter_client kernel provisioner whose kernels are forked from a warm parent instead of started cold.

``metadata.kernel_provisioner`` of a kernelspec chooses it, so papermill, nbclient and nbval use it unchanged.
"""

import asyncio
import contextlib
import json
import signal
import socket
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Bool, Dict, Integer, Unicode

from seqviz.grading import kernel_client
from seqviz.grading.control_groups import KernelGroup
from seqviz.grading.errors import NotJudgedError
from seqviz.grading.kernel_keeper import MESSAGE_BYTES, OUT_OF_MEMORY

_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class KernelStartError(NotJudgedError):
    """The parent could not give a kernel."""


class ForkProvisioner(KernelProvisionerBase):
    """Starts kernels by asking a warm parent for a fork; talks to them over sockets opened here and handed over."""

    address = Unicode("", help="socket of the warm parent; empty: this process's own, started when first needed")
    walled = Bool(False, help="put a wall between parent and kernel; the parent must run in bubblewrap")
    limits = Dict(default_value=None, allow_none=True, help="limits of the kernel, see seqviz.grading.sandbox.Limits")
    group = Unicode("", help="control group below which each kernel gets one of its own; empty: the keeper measures")
    environment = Dict(default_value=None, allow_none=True, help="the kernel's whole environment; None: the client's")
    seed = Integer(default_value=None, allow_none=True, help="state of the random generators; None: a fresh one")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.pid: int | None = None
        self.exit_code: int | None = None
        self.reason: str | None = None
        self.lost = False  # keeper and parent are gone: what became of the kernel is nobody's doing in it
        self._connection: socket.socket | None = None
        self._folder: Path | None = None
        self._group: KernelGroup | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and its end has not been waited for."""
        return self._connection is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose Unix sockets in a folder of our own: no race for ports, and no network in the kernel's world."""
        manager = self.parent
        if manager is None:
            raise KernelStartError("a forked kernel needs a kernel manager")
        if self._folder is None:
            self._folder = kernel_client.private_folder()
            manager.transport = "ipc"
            manager.ip = str(self._folder / "kernel")
            for port, channel in enumerate(_CHANNELS, start=1):
                setattr(manager, f"{channel}_port", port)
            if not manager.connection_file:
                manager.connection_file = str(self._folder / "connection.json")
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        kwargs.pop("extra_arguments", None)  # of a command line that forked kernels do not have
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Ask the parent for a kernel and hand over its sockets, listening already."""
        del cmd
        info: dict[str, Any] = dict(self.connection_info)
        key = info["key"]
        request = {
            "key": key.decode() if isinstance(key, bytes) else key,
            "signature_scheme": info["signature_scheme"],
            "walled": self.walled,
            "limits": self.limits,
            "grouped": bool(self.group),
            "seed": self.seed,
            "cwd": None if self.walled else str(kwargs.get("cwd") or Path.cwd()),
            "env": kwargs["env"] if self.environment is None else self.environment,
        }
        address = self.address or await asyncio.to_thread(kernel_client.address)
        listeners = []
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            connection.connect(address)
            if self.group:
                self._group = KernelGroup(self.group, **self.limits)
            for channel in _CHANNELS:
                path = Path(f"{info['ip']}-{info[f'{channel}_port']}")
                path.unlink(missing_ok=True)  # of the kernel before a restart
                listener = socket.socket(socket.AF_UNIX)
                listeners.append(listener)
                listener.bind(str(path))
                listener.listen(16)
            handed_over = [one.fileno() for one in listeners] + ([self._group.entrance] if self._group else [])
            socket.send_fds(connection, [json.dumps(request).encode()], handed_over)
        except OSError as error:
            connection.close()
            raise KernelStartError(f"the kernels' parent process cannot be reached: {error}") from error
        finally:
            for listener in listeners:
                listener.close()
        connection.setblocking(False)
        self._connection, self.exit_code, self.reason, self.lost = connection, None, None, False
        first = await self.receive()
        if first is None or "pid" not in first:
            await self.cleanup()
            words = (first or {}).get("failed", "it closed the connection")
            raise KernelStartError(f"the kernels' parent process gave no kernel: {words}")
        self.pid = first["pid"]
        return self.connection_info

    async def receive(self) -> dict[str, Any] | None:
        """Wait for the keeper's next message; None when it is gone. An end is noted in passing."""
        if self._connection is None or self.exit_code is not None:
            return None
        blob = await asyncio.get_running_loop().sock_recv(self._connection, MESSAGE_BYTES)
        return self._note(blob)

    def _note(self, blob: bytes) -> dict[str, Any] | None:
        message = json.loads(blob) if blob else None
        if message is None:
            self.exit_code, self.lost = -signal.SIGKILL, True  # keeper and kernel live and die together
        elif "exit" in message:
            self.exit_code, self.reason = message["exit"], message["reason"]
            if self._group and self._group.out_of_memory():
                self.reason = OUT_OF_MEMORY
        return message

    async def waited(self) -> float | None:
        """Ask how many seconds the kernel has waited for a core; None if it has ended."""
        if self._group and (waited := self._group.waited()) is not None:
            return waited
        self._send({})
        while (message := await self.receive()) is not None:
            if "waited" in message:
                return message["waited"]
        return None

    def _send(self, message: dict[str, Any]) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):  # if the keeper is gone, the next receive will tell
                self._connection.send(json.dumps(message).encode())

    async def poll(self) -> int | None:
        """Return None while the kernel runs, else its exit code."""
        while self._connection is not None and self.exit_code is None:
            try:
                self._note(self._connection.recv(MESSAGE_BYTES))
            except BlockingIOError:
                return None
            except OSError:
                self._note(b"")
        return 0 if self.exit_code is None else self.exit_code

    async def wait(self) -> int | None:
        """Wait until the kernel has ended; return its exit code."""
        while await self.receive() is not None:
            pass
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        return self.exit_code

    async def send_signal(self, signum: int) -> None:
        """Have the keeper signal the kernel: process numbers out here are not those in there."""
        self._send({"signal": signum})

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and all it started."""
        del restart
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end."""
        del restart
        await self.send_signal(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:
        """Leave nothing behind: closing the connection ends what still runs."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._group is not None:
            self._group.remove()
            self._group = None
        if not restart and self._folder is not None:
            kernel_client.remove_folder(self._folder)
            self._folder = None
