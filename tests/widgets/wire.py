"""The wire between kernel and browser, without either: what is sent is kept, what a browser sends can be played."""

import asyncio
import json

import numpy as np
from comm.base_comm import BaseComm
from ipywidgets.widgets.widget import _put_buffers, _remove_buffers


class Wire:
    """All messages of all widgets, in the order sent, binary parts back in their places."""

    def __init__(self):
        self.sent = []

    def comm(self, *args, **kwargs):
        wire = self

        class KeptComm(BaseComm):
            def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
                data = json.loads(json.dumps(data or {}))
                data["buffers"] = [bytes(buffer) for buffer in buffers or []]
                _put_buffers(data.get("state", {}), data.get("buffer_paths", []), data["buffers"])
                wire.sent.append((self.comm_id, msg_type, data))

        return KeptComm(*args, **kwargs)

    def opened(self, widget):
        """Return the state a browser gets when the widget appears."""
        (data,) = self._of(widget, "comm_open")
        return data["state"]

    def updates(self, widget):
        """Return the state of every update, one for each message."""
        return [data["state"] for data in self._of(widget, "comm_msg") if data["method"] == "update"]

    def echoes(self, widget):
        """Return what was sent back although the browser had just said it."""
        return [data["state"] for data in self._of(widget, "comm_msg") if data["method"] == "echo_update"]

    def browser_sets(self, widget, **traits):
        """Play the message a front end sends when a hand moved something; return the updates that answer it."""
        before = len(self.updates(widget))
        data = {"method": "update", "state": json.loads(json.dumps(traits))}

        async def handle():  # as a kernel does, in its loop
            widget.comm.handle_msg({"content": {"data": data}, "metadata": {}, "buffers": []})

        asyncio.run(handle())
        return self.updates(widget)[before:]

    def ahead(self, widget):
        """Return the answers of every message that was sent ahead."""
        messages = [data for data in self._of(widget, "comm_msg") if data["method"] == "custom"]
        return [_with_bytes(data["content"]["ahead"], data["buffers"]) for data in messages]

    def _of(self, widget, kind):
        return [data for model_id, one, data in self.sent if (model_id, one) == (widget.model_id, kind)]


def _with_bytes(tree, buffers):
    if isinstance(tree, dict):
        numbered = isinstance(tree.get("bytes"), int)
        return {
            key: buffers[value] if numbered and key == "bytes" else _with_bytes(value, buffers)
            for key, value in tree.items()
        }
    return [_with_bytes(value, buffers) for value in tree] if isinstance(tree, list) else tree


def size_in_bytes(widget):
    """What a widget adds to a page: its state as JSON and its buffers."""
    state, _, buffers = _remove_buffers(widget.get_state())
    return len(json.dumps(state).encode()) + sum(memoryview(buffer).nbytes for buffer in buffers)


def decoded(tree):
    """Arrays as a browser reads them, from the format alone."""
    if isinstance(tree, dict) and set(tree) == {"dtype", "shape", "bytes"}:
        return np.frombuffer(tree["bytes"], dtype=np.dtype(tree["dtype"])).reshape(tree["shape"])
    if isinstance(tree, dict):
        return {key: decoded(value) for key, value in tree.items()}
    return [decoded(value) for value in tree] if isinstance(tree, list) else tree
