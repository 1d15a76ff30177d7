"""Widgets talk to a wire that keeps every message."""

import comm
import pytest
import torch
from ipywidgets import Widget

from seqviz.models import RNN
from seqviz.widgets import runtime
from tests.widgets.asked import ALPHABET
from tests.widgets.wire import Wire


@pytest.fixture(autouse=True)
def wire(monkeypatch):
    close_all()  # no runtime is left over from elsewhere
    kept = Wire()
    monkeypatch.setattr(comm, "create_comm", kept.comm)
    yield kept
    close_all()


def close_all() -> None:
    """Close every widget, also one that no manager knows: a test has imported ipykernel, which brings another one."""
    runtime._shared.clear()  # which may be such a one, and then keeps its comm
    while True:
        try:
            return Widget.close_all()
        except KeyError:  # that one is closed; go on with the next
            continue


@pytest.fixture
def model():
    torch.manual_seed(6)
    return RNN(len(ALPHABET), 7, len(ALPHABET), dtype=torch.float64)
