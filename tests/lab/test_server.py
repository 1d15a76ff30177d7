"""The server extension, found and loaded as jupyter_server does it."""

import asyncio
import json
import os
import socket
import sys
from importlib.metadata import distribution
from pathlib import Path
from queue import Empty
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from jupyter_client.session import Session
from jupyter_server.extension.manager import ExtensionManager
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

import seqviz.lab
from seqviz.lab.server import SOON, prompt
from seqviz.lab.setup_check import SERVER_PREFIX


def test_a_connection_sends_prompt_before_anything_else_happens():
    class Connection:
        def __init__(self, handler):
            self.websocket_handler = handler

        def connect(self):
            return [*self.websocket_handler.seen, "connected"]

    seen = []
    handler = SimpleNamespace(seen=seen, set_nodelay=lambda value: seen.append(("nodelay", value)))
    assert prompt(Connection)(handler).connect() == [("nodelay", True), "connected"]


class Kernel:
    """A connection that hands on what a kernel says, to a list."""

    def __init__(self) -> None:
        self.session = Session()
        self.websocket_handler = SimpleNamespace(set_nodelay=lambda value: None)
        self.said: list[tuple[str, str]] = []

    def connect(self): ...

    def disconnect(self): ...

    def handle_outgoing_message(self, stream, outgoing_msg):
        _, parts = self.session.feed_identities(outgoing_msg)
        content = self.session.deserialize(parts)["content"]
        self.said.append((stream, content.get("execution_state", "other")))

    def say(self, state: str, about: str, msg_id: str = "1") -> None:
        kind, content = ("status", {"execution_state": state}) if state != "other" else ("comm_msg", {})
        message = self.session.msg(kind, content, parent={"msg_id": msg_id, "msg_type": about})
        self.handle_outgoing_message("iopub", self.session.serialize(message))


def heard(*said: tuple[str, str] | tuple[str, str, str], patience: float = 0.0) -> list[str]:
    async def story() -> list[str]:
        kernel = prompt(Kernel)()
        kernel.connect()
        for words in said:
            kernel.say(*words)
        await asyncio.sleep(patience)
        kernel.disconnect()
        await asyncio.sleep(3 * SOON)  # nothing is said after the end
        return [state for _, state in kernel.said]

    return asyncio.run(story())


def test_an_answer_that_comes_soon_never_says_busy():
    assert heard(("busy", "comm_msg"), ("other", "comm_msg"), ("idle", "comm_msg")) == ["other", "idle"]


def test_who_waits_longer_is_told_that_the_kernel_is_busy():
    assert heard(("busy", "comm_msg"), ("other", "comm_msg"), patience=3 * SOON) == ["other", "busy"]


def test_a_closed_connection_says_nothing_more():
    assert heard(("busy", "comm_msg")) == []


def test_a_connection_that_closes_before_its_kernel_has_answered_is_closed_all_the_same():
    closed = []

    class Connection(Kernel):
        def disconnect(self):
            closed.append(self)

    connection = prompt(Connection)()
    connection.disconnect()
    assert closed == [connection]


def test_a_running_cell_is_busy_at_once():
    assert heard(("busy", "execute_request"), ("idle", "execute_request")) == ["busy", "idle"]


def test_answers_are_told_apart():
    said = heard(("busy", "comm_msg", "1"), ("idle", "comm_msg", "1"), ("busy", "comm_msg", "2"), patience=3 * SOON)
    assert said == ["idle", "busy"]


def test_it_builds_on_whichever_connection_the_server_is_set_to_use(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(SERVER_PREFIX, "")  # put back at the end
    settings = {"kernel_websocket_connection_class": ZMQChannelsWebsocketConnection}
    server = SimpleNamespace(web_app=SimpleNamespace(settings=settings), contents_manager=None)
    seqviz.lab._load_jupyter_server_extension(server)
    made = settings["kernel_websocket_connection_class"]
    assert issubclass(made, ZMQChannelsWebsocketConnection)
    assert made.connect is not ZMQChannelsWebsocketConnection.connect
    assert os.environ[SERVER_PREFIX] == sys.prefix, "kernels inherit it"


def test_jupyter_server_finds_it_under_the_name_that_its_configuration_switches_on():
    path = Path(seqviz.lab.__file__).with_name("jupyter_server_config.json")
    switched = json.loads(path.read_text(encoding="utf-8"))["ServerApp"]["jpserver_extensions"]
    assert switched == {"seqviz.lab": True}
    manager = ExtensionManager()
    manager.from_jpserver_extensions(switched)
    assert manager.extensions["seqviz.lab"].validate()


class Connection:
    """A connection without a kernel: it only says when it connects."""

    def __init__(self, handler: WebSocketHandler) -> None:
        self.websocket_handler = handler

    async def connect(self):
        return "connected"


async def over_a_socket(connection_class):
    """Open a websocket as jupyter_server does and return what the server's side of it says."""

    class Handler(WebSocketHandler):
        async def open(self):
            answer = await connection_class(self).connect()
            nodelay = self.ws_connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            await self.write_message(json.dumps([answer, bool(nodelay)]))

    listener, port = bind_unused_port()
    server = HTTPServer(Application([("/", Handler)]))
    server.add_socket(listener)
    client = await websocket_connect(f"ws://127.0.0.1:{port}/")
    try:
        return json.loads(await client.read_message())
    finally:
        client.close()
        server.stop()
        await server.close_all_connections()


def test_the_socket_itself_sends_prompt():
    assert asyncio.run(over_a_socket(prompt(Connection))) == ["connected", True]
    # were this to fail, the extension would not be needed any more
    assert asyncio.run(over_a_socket(Connection)) == ["connected", False]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServerApp:
    """A server with the extension, of a folder of its own."""
    for name in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name))
    monkeypatch.setenv(SERVER_PREFIX, "")  # put back at the end
    app = ServerApp(
        jpserver_extensions={"seqviz.lab": True}, root_dir=str(tmp_path), open_browser=False, allow_root=True
    )
    app.initialize(argv=[], find_extensions=False, new_httpserver=False)
    return app


def test_a_server_with_the_extension_has_it_in_its_settings(app: ServerApp):
    assert app.extension_manager.extensions["seqviz.lab"].enabled
    made = app.web_app.settings["kernel_websocket_connection_class"]
    assert made is not app.kernel_websocket_connection_class
    assert issubclass(made, app.kernel_websocket_connection_class)


WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/html": "<p>still</p>"}


def outputs(app: ServerApp, path: str) -> list[str]:
    """What a notebook of the server's folder shows, read as JupyterLab does."""
    model = asyncio.run(app.contents_manager.get(path, content=True, type="notebook"))
    return [kind for output in model["content"].cells[0].outputs for kind in output.data]


class KernelWithWidgets:
    """What the server asks a kernel through: it tells the names of its widgets, or nothing."""

    def __init__(self, widgets: set[str] | None) -> None:
        self.widgets, self.open, self.session, self.control_channel = widgets, False, Session(), self

    def client(self):
        return self

    def start_channels(self, **channels: bool) -> None:
        assert [name for name, wanted in channels.items() if wanted] == ["control"], "where a busy kernel answers too"
        self.open = True

    def stop_channels(self) -> None:
        self.open = False

    def send(self, message) -> None:
        assert message["msg_type"] == "comm_info_request"

    async def get_control_msg(self, timeout: float):
        if self.widgets is None:
            raise Empty
        return {"content": {"comms": {name: {"target_name": "jupyter.widget"} for name in self.widgets}}}


def test_a_notebook_is_read_with_still_forms_of_what_its_kernel_does_not_have(
    app: ServerApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", WIDGET)])
    (tmp_path / "in").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "in" / "a.ipynb")
    running: list[dict[str, Any]] = [{"path": "in/b.ipynb", "kernel": {"id": "k"}}]

    async def list_sessions():
        return running

    monkeypatch.setattr(app.session_manager, "list_sessions", list_sessions)
    assert outputs(app, "in/a.ipynb") == ["text/html"], "no kernel runs"
    running.append({"path": "in/a.ipynb", "kernel": {"id": "k"}})
    name = WIDGET["application/vnd.jupyter.widget-view+json"]["model_id"]
    for widgets, shown in (({name}, list(WIDGET)), ({"another"}, ["text/html"]), (None, list(WIDGET))):
        kernel = KernelWithWidgets(widgets)
        monkeypatch.setattr(app.kernel_manager, "get_kernel", lambda _id, kernel=kernel: kernel)
        assert outputs(app, "/in/a.ipynb") == shown
        assert not kernel.open
    listed = asyncio.run(app.contents_manager.get("in/a.ipynb", content=False))
    assert listed["content"] is None
    assert asyncio.run(app.contents_manager.get("in"))["type"] == "directory"


def test_installing_seqviz_switches_it_on():
    installed = [str(path) for path in distribution("seqviz").files or []]
    assert any(path.endswith("etc/jupyter/jupyter_server_config.d/seqviz.json") for path in installed)
