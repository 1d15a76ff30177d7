"""Gradients side by side: what is sent is what the trace says."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import GRU, LSTM, RNN
from seqviz.plots import reach
from seqviz.traces import trace_reach
from seqviz.widgets import explore
from tests.widgets.asked import answer, assert_still, opened

VOCABULARY = Tokenizer.of_words(["the", "cat", "cats", "which", "ate", "cakes", ",", "was", "were", "full"])
TEXT = "the cats , which ate the cakes , were full"
ANSWERS = ("was", "were")
FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}


@pytest.fixture
def networks():
    torch.manual_seed(1)
    size = len(VOCABULARY)
    return {"RNN": RNN(size, 7, size), "GRU": GRU(size, 7, size), "LSTM": LSTM(size, 7, size)}


def test_reach_is_the_trace_of_whatever_is_typed(wire, networks):
    explorer = explore.reach(networks, VOCABULARY, TEXT, step=7)
    for state, text in [(opened(wire, explorer), TEXT), (answer(wire, explorer, text="the cat ate"), "the cat ate")]:
        trace = trace_reach(networks, VOCABULARY, text.split())
        for number in range(3):
            drawn = state["content"]["patches"][f"data.{number}.y"]
            np.testing.assert_allclose(drawn, trace.relative[number], **FLOAT32)
        assert state["content"]["selections"] == len(trace.tokens)
    assert_still(
        explore.reach(networks, VOCABULARY, TEXT, step=7),
        reach(trace_reach(networks, VOCABULARY, TEXT.split()), 7).figure,
    )


@pytest.mark.parametrize(
    ("text", "message"), [("the dog ate", "'dog'"), ("the", "at least two tokens"), ("", "at least")]
)
def test_what_cannot_be_read_is_answered_in_words_and_the_picture_stays(wire, networks, text, message):
    explorer = explore.reach(networks, VOCABULARY, TEXT, step=2)
    before = opened(wire, explorer)["content"]
    refused = answer(wire, explorer, text=text)["content"]
    assert message in refused["error"]
    assert refused["sentences"] == before["sentences"]


def test_reach_reads_characters_too(networks):
    torch.manual_seed(2)
    letters = Tokenizer.of_words("abc ")
    explorer = explore.reach({"GRU": GRU(4, 3, 4)}, letters, "ab cab", step=3, split=list)
    assert explorer.still()[1].startswith("Loss at step 4, where “a” is right")
