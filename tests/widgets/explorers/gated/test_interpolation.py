"""Between old and new: what is sent is what the trace says."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import GRU, LSTM, RNN
from seqviz.plots import interpolation
from seqviz.traces import trace_interpolation
from seqviz.widgets import explore
from tests.widgets.asked import answer, assert_still, opened
from tests.widgets.wire import size_in_bytes

VOCABULARY = Tokenizer.of_words(["the", "cat", "cats", "which", "ate", "cakes", ",", "was", "were", "full"])
TEXT = "the cats , which ate the cakes , were full"
ANSWERS = ("was", "were")
FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}


@pytest.fixture
def gru():
    torch.manual_seed(0)
    return GRU(len(VOCABULARY), 6, 2, "simplified")


@pytest.fixture
def networks():
    torch.manual_seed(1)
    size = len(VOCABULARY)
    return {"RNN": RNN(size, 7, size), "GRU": GRU(size, 7, size), "LSTM": LSTM(size, 7, size)}


def test_interpolation_follows_the_step_and_the_unit(wire, gru):
    explorer = explore.interpolation(gru, VOCABULARY, TEXT, ANSWERS, step=1, unit=2)
    for state, step, unit in [
        (opened(wire, explorer), 1, 2),
        (answer(wire, explorer, step=6, unit=4), 6, 4),
    ]:
        trace = trace_interpolation(gru, VOCABULARY, TEXT.split(), ANSWERS, step, unit)
        patches = state["content"]["patches"]
        np.testing.assert_allclose(patches["data.4.y"], trace.set_states, **FLOAT32)
        np.testing.assert_allclose(patches["data.6.y"], trace.set_probabilities, **FLOAT32)
        assert state["content"]["selections"] == len(set(state["content"]["sentences"])) == 21
    assert set(answer(wire, explorer, step=3)) == {"content"}, "the figure itself stays"


def test_interpolation_opens_where_it_is_told(gru):
    explorer = explore.interpolation(gru, VOCABULARY, TEXT, ANSWERS, step=6, unit=1, share=0.25)
    assert explorer.values == {"step": 6, "unit": 1, "share": 5}
    assert_still(explorer, interpolation(trace_interpolation(gru, VOCABULARY, TEXT.split(), ANSWERS, 6, 1), 5).figure)
    assert explorer.content["pick"] == "xaxis"
    assert explorer.content["drag"] == {"xaxis2": "step", "xaxis3": "step"}


def test_interpolation_needs_words_that_the_network_knows(gru):
    with pytest.raises(ValueError, match="'dog'"):
        explore.interpolation(gru, VOCABULARY, "the dog", ANSWERS)


def test_they_stay_small(gru, networks):
    assert size_in_bytes(explore.interpolation(gru, VOCABULARY, TEXT, ANSWERS)) <= 50_000
    assert size_in_bytes(explore.reach(networks, VOCABULARY, " ".join([TEXT] * 3), step=4)) <= 50_000
