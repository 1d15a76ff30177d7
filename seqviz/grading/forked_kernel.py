"""The kernel a forked process turns into: ipykernel on sockets that were opened, and listened on, outside."""

import contextlib
import importlib
import os
import random
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import zmq
from ipykernel.heartbeat import Heartbeat
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

from seqviz.grading import kernel_wall

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")

# What most notebooks import, and what ipykernel would otherwise import in every child.
PRELOADED = (
    "numpy",
    "torch",
    "safetensors.numpy",
    "plotly.graph_objects",
    "ipywidgets",
    "matplotlib.font_manager",  # it looks through the fonts, once for all kernels: that takes seconds, and may be told
    "ipykernel.debugger",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "bdb",
    "faulthandler",
    "tornado.platform.asyncio",
    "seqviz.checks",
    "seqviz.models",
    "seqviz.widgets",
    "seqviz.grading.probe_in_kernel",
)


def preload() -> None:
    """Import what kernels need, so that they are born with it. No thread, socket or tensor is made."""
    # Each import of the debugger takes longer than all the rest of a kernel's start; nobody debugs a batch run.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    if Path(kernel_wall.FONTS).is_dir():  # nothing else can be written here
        os.environ["MPLCONFIGDIR"] = kernel_wall.FONTS
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # ipykernel would set it too late
    for module in PRELOADED:
        # What is not here, or broken, is for the notebook that imports it to meet.
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    sys.dont_write_bytecode = True  # a file beside the notebook that it imports leaves nothing beside it


class _InheritedHeartbeat(Heartbeat):
    descriptor = -1

    def _try_bind_socket(self) -> None:
        _listen(self.socket, self.descriptor)


class ForkedKernelApp(IPKernelApp):
    """ipykernel's application without what a batch run has no use for: profile, connection file, debugger."""

    descriptors: Mapping[str, int]

    def initialize(self, argv: Any = None) -> None:
        """Do those steps of the original that concern a kernel whose sockets listen already."""
        del argv
        self.init_sockets()
        self.init_heartbeat()
        self.init_io()
        self.init_signal()
        self.init_kernel()
        self.init_path()
        self.init_shell()
        sys.stdout.flush()
        sys.stderr.flush()

    def _bind_socket(self, s: zmq.Socket[Any], port: int) -> int:
        names = {id(self.shell_socket): "shell", id(self.stdin_socket): "stdin", id(self.control_socket): "control"}
        _listen(s, self.descriptors[names.get(id(s), "iopub")])
        return port

    def _apply_curve_client_options(self, socket: zmq.Socket[Any]) -> None:
        socket.reconnect_ivl = -1  # the debugger's socket would look for the label below, ten times a second

    def init_heartbeat(self) -> None:
        """Answer heartbeats on the inherited socket."""
        heartbeat = _InheritedHeartbeat(zmq.Context(), ("ipc", "", 1))
        heartbeat.descriptor = self.descriptors["hb"]
        heartbeat.start()
        self.heartbeat = heartbeat


def _listen(zmq_socket: zmq.Socket[Any], descriptor: int) -> None:
    zmq_socket.setsockopt(zmq.USE_FD, descriptor)
    zmq_socket.bind(f"ipc://inherited-{descriptor}")  # only a label: the descriptor is bound already


def seed_everything(seed: int) -> None:
    """Give python, numpy and torch, where loaded, a state that no sibling forked from the same parent shares."""
    random.seed(seed)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(seed % 2**32)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)


def run(request: Mapping[str, Any], listeners: Sequence[socket.socket]) -> None:
    """Be the kernel that ``request`` describes until it is shut down."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(request["env"])
    if request.get("cwd"):
        os.chdir(request["cwd"])
    sys.argv = ["ipykernel_launcher"]
    sys.path.insert(0, "")
    seed = request.get("seed")
    seed_everything(int.from_bytes(os.urandom(7)) if seed is None else seed)
    if (torch := sys.modules.get("torch")) and (threads := os.environ.get("OMP_NUM_THREADS", "")).isdigit():
        torch.set_num_threads(int(threads))  # torch was loaded before it could read the variable

    config = Config()
    config.Session.key = request["key"].encode()
    config.Session.signature_scheme = request["signature_scheme"]
    config.HistoryManager.enabled = False
    if "NBGRADER_EXECUTION" in os.environ:  # a kernel to grade in: the source around a thousand frames takes seconds
        config.InteractiveShell.xmode, config.InteractiveShell.colors = "Plain", "nocolor"
    app = ForkedKernelApp.instance(config=config)
    app.descriptors = {name: listener.detach() for name, listener in zip(CHANNELS, listeners, strict=True)}
    app.transport = "ipc"
    app.initialize()
    app.start()
