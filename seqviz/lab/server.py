"""A server extension that switches Nagle's algorithm off between JupyterLab and a kernel.

A slider's answer is several small packets. With Nagle's algorithm on, as jupyter_server leaves it, each waits
until the browser has acknowledged the one before, about 40 ms. We send them at once.
"""

from typing import Any

from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.base import BaseKernelWebsocketConnection


def without_delay(connection_class: type[BaseKernelWebsocketConnection]) -> type[BaseKernelWebsocketConnection]:
    """Return a subclass of ``connection_class`` that sets TCP_NODELAY on its websocket when it connects."""

    class NoDelayConnection(connection_class):
        def connect(self) -> Any:
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return NoDelayConnection


def load_jupyter_server_extension(server: ServerApp) -> None:
    """Make every kernel connection of ``server`` send without delay, whichever connection class it is set to use."""
    settings = server.web_app.settings
    settings["kernel_websocket_connection_class"] = without_delay(settings["kernel_websocket_connection_class"])
