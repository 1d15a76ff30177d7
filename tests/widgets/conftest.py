"""Widgets talk to a wire that keeps every message."""

import comm
import pytest
from ipywidgets import Widget

from tests.widgets.wire import Wire


@pytest.fixture(autouse=True)
def wire(monkeypatch):
    Widget.close_all()  # no runtime is left over from elsewhere
    kept = Wire()
    monkeypatch.setattr(comm, "create_comm", kept.comm)
    yield kept
    Widget.close_all()
