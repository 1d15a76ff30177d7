"""The connection to a kernel that may say anything: two channels, on which what makes no sense is passed over."""

import asyncio
import time
from queue import Empty
from typing import Any, cast

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

from seqviz.grading.execution import Place
from seqviz.grading.sandbox import environment

_MESSAGE_BYTES = 32 << 20  # of one message from a kernel; a larger one costs it the connection
_NESTED = 40  # levels of a message; nobody shows anything nested deeper
_WAITING_MESSAGES = 50  # of a kernel that says more than is read: beyond, they wait in its own memory


class _Channel(AsyncZMQSocketChannel):
    """A channel on which a kernel may say anything: what makes no sense is passed over."""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        while True:
            try:
                message = await super().get_msg(timeout)
            except Empty:
                raise
            except Exception:  # a false signature, no JSON, a part missing
                continue
            if _makes_sense(message):
                return message


def _makes_sense(message: dict[str, Any]) -> bool:
    content, parent = message.get("content"), message.get("parent_header")
    if not isinstance(message.get("msg_type"), str) or not isinstance(content, dict) or not isinstance(parent, dict):
        return False
    count = content.get("execution_count", 0)
    if isinstance(count, bool) or not isinstance(count, int | None) or (count or 0) < 0:
        return False
    if size_of(content) is None:
        return False
    match message["msg_type"], content:
        case "status", {"execution_state": str()}:
            return True
        case "stream", {"name": "stdout" | "stderr", "text": str()}:
            return True
        case "display_data" | "update_display_data" | "execute_result", {"data": dict(data), "metadata": dict()}:
            transient = content.get("transient") or {}
            display_id = transient.get("display_id") if isinstance(transient, dict) else 0
            return isinstance(display_id, str | None) and all(isinstance(mime, str) for mime in data)
        case "error", {"ename": str(), "evalue": str(), "traceback": list(lines)}:
            return all(isinstance(line, str) for line in lines)
        case "execute_reply", {"status": "error", "ename": str(), "evalue": str(), "traceback": list(lines)}:
            return all(isinstance(line, str) for line in lines)
        case "execute_reply", {"status": "ok" | "aborted"}:
            return True
        case (("execute_input" | "clear_output" | "kernel_info_reply" | "iopub_welcome"), _):
            return True
    return False  # of no use here, or not what its name says


def size_of(value: Any) -> int | None:
    """Count the characters of a message, or return None if it is nested too deeply."""
    size, level, inside = 0, 0, [value]
    while inside:
        deeper: list[Any] = []
        for one in inside:
            if isinstance(one, (str, bytes)):
                size += len(one)
            elif isinstance(one, dict):
                size += sum(map(len, one))
                deeper += one.values()
            elif isinstance(one, list):
                deeper += one
            size += 16
        inside, level = deeper, level + 1
        if level > _NESTED:
            return None
    return size


class _Client(AsyncKernelClient):
    """Two channels instead of five, and ready as soon as the kernel has said so on both."""

    shell_channel_class = Type(_Channel)  # type: ignore[assignment]
    iopub_channel_class = Type(_Channel)  # type: ignore[assignment]

    def start_channels(self, *arguments: Any, **named: Any) -> None:
        del arguments, named
        super().start_channels(shell=True, iopub=True, stdin=False, hb=False, control=False)

    async def _ready(self, timeout: float | None = None) -> None:
        # The original then listens until the kernel has been silent for 0.2 s. Messages of earlier requests are told
        # apart by their parent anyway.
        deadline = time.monotonic() + (timeout or 60)
        self.kernel_info()
        waiting = {
            asyncio.ensure_future(self.get_shell_msg(timeout=None)),
            asyncio.ensure_future(self.get_iopub_msg(timeout=None)),
        }
        try:
            while waiting:
                done, waiting = await asyncio.wait(waiting, timeout=1, return_when=asyncio.FIRST_COMPLETED)
                manager = cast(AsyncKernelManager, self.parent)
                if not done and (time.monotonic() > deadline or not await manager.is_alive()):
                    raise RuntimeError("the kernel did not answer")
        finally:
            for one in waiting:
                one.cancel()

    wait_for_ready = _ready  # type: ignore[assignment]


class Manager(AsyncKernelManager):
    """The manager of one kernel, which comes from the parent at ``place``."""

    client_factory = Type(_Client, klass=AsyncKernelClient)
    place: Place
    seed: int

    @property
    def kernel_spec(self) -> KernelSpec:
        """A specification that names the parent and the limits, instead of a command."""
        config = {
            "address": self.place.address,
            "walled": self.place.walled,
            "limits": self.place.limits.as_request(),
            "group": self.place.group,
            "environment": environment(walled=self.place.walled),
            "seed": self.seed,
        }
        provisioner = {"provisioner_name": "seqviz-warm", "config": config}
        return KernelSpec(argv=[], language="python", metadata={"kernel_provisioner": provisioner})


_context: zmq.asyncio.Context | None = None


def shared_context() -> zmq.asyncio.Context:
    """Return the context of all connections of this process, which limits what it takes in."""
    global _context
    if _context is None:
        _context = zmq.asyncio.Context()
        _context.setsockopt(zmq.MAXMSGSIZE, _MESSAGE_BYTES)
        _context.setsockopt(zmq.RCVHWM, _WAITING_MESSAGES)
    return _context
