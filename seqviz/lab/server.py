"""A server extension: nothing that JupyterLab does holds up the answers of a kernel or spoils a notebook it opens.

- A slider's answer is several small packets. With Nagle's algorithm on, as jupyter_server leaves it, each waits until
  the browser has acknowledged the one before, about 40 ms. We send them at once.
- A kernel calls itself busy before each answer and idle after it. JupyterLab redraws its toolbar for both, which takes
  longer than the answer. We pass "busy" on only if "idle" does not follow soon.
- What JupyterLab gets when it opens a notebook: see opened.py.
"""

import asyncio
import os
import sys
from queue import Empty
from typing import Any, cast

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.contents.manager import AsyncContentsManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.utils import ensure_async

from .opened import has_widgets, introduce, still
from .setup_check import SERVER_PREFIX

KERNEL = "python3"  # the one that every chapter asks for
SOON = 0.1  # s; whoever waits longer for a widget sees that the kernel is busy
PATIENCE = 2.0  # s; a kernel says which widgets it has beside whatever it computes


def prompt(connection_class: type[ZMQChannelsWebsocketConnection]) -> type[ZMQChannelsWebsocketConnection]:
    """Return a subclass of ``connection_class`` that sends small packets at once and "busy" only when it lasts."""

    class PromptConnection(connection_class):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._held: dict[str, asyncio.TimerHandle] = {}  # what a kernel is busy with → when we will say so

        def connect(self) -> Any:
            self.websocket_handler.set_nodelay(True)
            return super().connect()

        def disconnect(self) -> None:
            for timer in self._held.values():
                timer.cancel()
            super().disconnect()

        def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
            state, parent = self._widget_status(outgoing_msg)
            if state == "busy":
                send = super().handle_outgoing_message
                self._held[parent] = asyncio.get_running_loop().call_later(SOON, send, stream, outgoing_msg)
                return
            if state == "idle" and parent in self._held:
                self._held.pop(parent).cancel()
            super().handle_outgoing_message(stream, outgoing_msg)

        def _widget_status(self, outgoing_msg: list[Any]) -> tuple[str, str]:
            """Return "busy" or "idle" and the widget's message that this is about; ("", "") for any other message."""
            _, (_signature, *packed) = self.session.feed_identities(outgoing_msg)
            header, parent, _metadata, content = cast("list[bytes]", packed[:4])
            if b'"comm_msg"' not in parent or b'"status"' not in header:  # quick: most are not
                return "", ""
            header, parent, content = (self.session.unpack(part) for part in (header, parent, content))
            if (header["msg_type"], parent["msg_type"]) != ("status", "comm_msg"):
                return "", ""
            return content["execution_state"], parent["msg_id"]

    return PromptConnection


def open_adapted(server: ServerApp) -> None:
    """Adapt every notebook to the kernel that it is about to have, when the contents manager of ``server`` reads it."""
    contents = server.contents_manager
    if not isinstance(contents, AsyncContentsManager):
        return  # a manager of somebody else's, whose callers may not be able to wait
    read = contents.get

    async def get(path: str, *args: Any, **options: Any) -> dict[str, Any]:
        model = await read(path, *args, **options)
        if model["type"] == "notebook" and model["content"] is not None:
            if has_widgets(model["content"]):
                alive = await _widgets_of_kernel(server, path)
                if alive is not None:
                    still(model["content"], alive)
            _introduce_kernel(server, model["content"])
        return model

    contents.get = get


async def _widgets_of_kernel(server: ServerApp, path: str) -> set[str] | None:
    """Return the names of all widgets in the kernel of a notebook, of which there may be none; None if it is silent."""
    sessions = await ensure_async(server.session_manager.list_sessions())
    kernels = [session["kernel"]["id"] for session in sessions if session["path"].strip("/") == path.strip("/")]
    if not kernels:
        return set()
    client = server.kernel_manager.get_kernel(kernels[0]).client()
    client.start_channels(shell=False, iopub=False, stdin=False, hb=False, control=True)
    try:
        request = client.session.msg("comm_info_request", {"target_name": "jupyter.widget"})
        client.control_channel.send(request)  # on this channel also a busy kernel answers
        reply = await ensure_async(client.get_control_msg(timeout=PATIENCE))
    except Empty:
        return None
    finally:
        client.stop_channels()
    return set(reply["content"].get("comms", {}))


def _introduce_kernel(server: ServerApp, notebook: dict[str, Any]) -> None:
    try:
        from ipykernel.ipkernel import IPythonKernel

        spec = cast("KernelSpecManager", server.kernel_spec_manager).get_kernel_spec(KERNEL)
    except (ImportError, NoSuchKernel):
        return
    described = {"name": KERNEL, "display_name": spec.display_name, "language": spec.language}
    introduce(notebook, described, IPythonKernel.language_info)


def load_jupyter_server_extension(server: ServerApp) -> None:
    """Adapt ``server`` to our notebooks, and tell its kernels which environment it runs in."""
    os.environ[SERVER_PREFIX] = sys.prefix
    open_adapted(server)
    settings = server.web_app.settings
    settings["kernel_websocket_connection_class"] = prompt(settings["kernel_websocket_connection_class"])
