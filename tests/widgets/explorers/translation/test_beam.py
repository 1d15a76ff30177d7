"""A beam in the hand: width, α and source give the tree of the trace."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.plots.translation.beam import beam_patch, describe_beam, laid_out
from seqviz.traces import trace_beam
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

WORDS = Tokenizer.of_words(["eins", "zwei", "drei"], special=True)


def translator(source: str):
    if not source.isdigit():
        raise ValueError(f"expected digits, got {source!r}")
    table = torch.randn(len(WORDS), len(WORDS), generator=torch.Generator().manual_seed(int(source)))
    return (lambda token, state: (table[token].log_softmax(-1), state)), torch.zeros(1)


@pytest.fixture
def explorer():
    return explore.beam(translator, WORDS, "12", max_length=6)


def expected(source: str, **search):
    return laid_out(trace_beam(translator, WORDS, source, **({"width": 2, "max_length": 6} | search)))


def test_it_opens_on_the_whole_tree(wire, explorer):
    tree = expected("12")
    content = opened(wire, explorer)["content"]
    last = content["selections"] - 1
    assert last == len(tree.trace.steps) - 1
    assert explorer.still()[1] == describe_beam(tree, last)
    uids = [trace.uid for trace in explorer._base.data]
    sent = content["patches"][f"data.{uids.index('words')}.x"]
    np.testing.assert_allclose(sent, [beam_patch(tree, step)["words.x"] for step in range(last + 1)], atol=1e-6)


@pytest.mark.parametrize("changed", [{"width": 4}, {"alpha": 1.0}, {"source": "5"}])
def test_a_control_searches_again(wire, explorer, changed):
    content = answer(wire, explorer, **changed)["content"]
    tree = expected(changed.pop("source", "12"), **changed)
    assert content["sentences"] == [describe_beam(tree, step) for step in range(len(tree.trace.steps))]


def test_what_the_translator_cannot_read_is_answered_in_its_words(wire, explorer):
    assert answer(wire, explorer, source="x")["content"]["error"] == "expected digits, got 'x'"
