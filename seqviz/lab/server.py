"""A server extension for sliders that a kernel answers: nothing that JupyterLab does holds the answer up.

- A slider's answer is several small packets. With Nagle's algorithm on, as jupyter_server leaves it, each waits until
  the browser has acknowledged the one before, about 40 ms. We send them at once.
- A kernel calls itself busy before each answer and idle after it. JupyterLab redraws its toolbar for both, which takes
  longer than the answer. We pass "busy" on only if "idle" does not follow soon.
"""

import asyncio
import os
import sys
from typing import Any, cast

from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from .setup_check import SERVER_PREFIX

SOON = 0.1  # s; whoever waits longer for a widget sees that the kernel is busy


def prompt(connection_class: type[ZMQChannelsWebsocketConnection]) -> type[ZMQChannelsWebsocketConnection]:
    """Return a subclass of ``connection_class`` that sends small packets at once and "busy" only when it lasts."""

    class PromptConnection(connection_class):
        def connect(self) -> Any:
            self.websocket_handler.set_nodelay(True)
            self._held: dict[str, asyncio.TimerHandle] = {}  # what a kernel is busy with → when we will say so
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


def load_jupyter_server_extension(server: ServerApp) -> None:
    """Make every kernel connection of ``server`` prompt, and tell its kernels which environment it runs in."""
    os.environ[SERVER_PREFIX] = sys.prefix
    settings = server.web_app.settings
    settings["kernel_websocket_connection_class"] = prompt(settings["kernel_websocket_connection_class"])
