"""Every layer and every head can be looked at, in another sentence too."""

import torch
from torch import nn

from seqviz.plots.transformer.cls_look import describe_cls_look
from seqviz.traces import trace_cls_look
from seqviz.widgets import explore
from tests.traces.transformer.encoder import TEXT, WORDS, made
from tests.widgets.asked import answer, opened


def test_every_view_has_its_sentence(wire):
    torch.manual_seed(2)
    networks, head, classes = (
        {"before": made(0), "after": made(1)},
        nn.Linear(6, 2, dtype=torch.float64),
        ("bad", "good"),
    )
    explorer = explore.cls_look(networks, WORDS, TEXT, head, classes, view=1)
    state = opened(wire, explorer)
    trace = trace_cls_look(networks, WORDS, TEXT, head, classes)
    assert state["content"]["sentences"] == [describe_cls_look(trace, view) for view in range(6)]
    content = answer(wire, explorer, text="d")["content"]
    trace = trace_cls_look(networks, WORDS, "d", head, classes)
    assert content["sentences"] == [describe_cls_look(trace, view) for view in range(6)]
