"""Widgets talk to a wire that keeps every message."""

import comm
import pytest
import torch
from ipywidgets import Widget

from seqviz.models import RNN
from tests.widgets.asked import ALPHABET
from tests.widgets.wire import Wire


@pytest.fixture(autouse=True)
def wire(monkeypatch):
    Widget.close_all()  # no runtime is left over from elsewhere
    kept = Wire()
    monkeypatch.setattr(comm, "create_comm", kept.comm)
    yield kept
    Widget.close_all()


@pytest.fixture
def model():
    torch.manual_seed(6)
    return RNN(len(ALPHABET), 7, len(ALPHABET), dtype=torch.float64)
