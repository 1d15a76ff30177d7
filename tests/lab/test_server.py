"""The server extension, found and loaded as jupyter_server does it."""

import json
from pathlib import Path
from types import SimpleNamespace

from jupyter_server.extension.manager import ExtensionManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

import seqviz.lab
from seqviz.lab.server import without_delay


def test_a_connection_sends_without_delay_before_anything_else_happens():
    class Connection:
        def __init__(self, handler):
            self.websocket_handler = handler

        def connect(self):
            return [*self.websocket_handler.seen, "connected"]

    seen = []
    handler = SimpleNamespace(seen=seen, set_nodelay=lambda value: seen.append(("nodelay", value)))
    assert without_delay(Connection)(handler).connect() == [("nodelay", True), "connected"]


def test_it_builds_on_whichever_connection_the_server_is_set_to_use():
    settings = {"kernel_websocket_connection_class": ZMQChannelsWebsocketConnection}
    seqviz.lab._load_jupyter_server_extension(SimpleNamespace(web_app=SimpleNamespace(settings=settings)))
    made = settings["kernel_websocket_connection_class"]
    assert issubclass(made, ZMQChannelsWebsocketConnection)
    assert made.connect is not ZMQChannelsWebsocketConnection.connect


def test_jupyter_server_finds_it_under_the_name_that_its_configuration_switches_on():
    path = Path(seqviz.lab.__file__).with_name("jupyter_server_config.json")
    switched = json.loads(path.read_text(encoding="utf-8"))["ServerApp"]["jpserver_extensions"]
    assert switched == {"seqviz.lab": True}
    manager = ExtensionManager()
    manager.from_jpserver_extensions(switched)
    assert manager.extensions["seqviz.lab"].validate()
