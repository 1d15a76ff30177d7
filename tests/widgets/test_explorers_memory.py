"""Explorers of memory: what they send is what their traces say, live and at rest."""

import numpy as np
import pytest
import torch

from seqviz.data import Vocabulary
from seqviz.models import GRU, LSTM, RNN
from seqviz.plots import plot_interpolation, plot_lags, plot_reach
from seqviz.traces import LagTrace, trace_interpolation, trace_reach
from seqviz.widgets import explore
from tests.widgets.explorers import answer, assert_still, opened
from tests.widgets.wire import size_in_bytes

VOCABULARY = Vocabulary(["the", "cat", "cats", "which", "ate", "cakes", ",", "was", "were", "full"])
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
    assert_still(explorer, plot_interpolation(trace_interpolation(gru, VOCABULARY, TEXT.split(), ANSWERS, 6, 1), 5))
    assert explorer.content["pick"] == "xaxis"
    assert explorer.content["drag"] == {"xaxis2": "step", "xaxis3": "step"}


def test_interpolation_needs_words_that_the_network_knows(gru):
    with pytest.raises(ValueError, match="'dog'"):
        explore.interpolation(gru, VOCABULARY, "the dog", ANSWERS)


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
        plot_reach(trace_reach(networks, VOCABULARY, TEXT.split()), 7),
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
    letters = Vocabulary("abc ")
    explorer = explore.reach({"GRU": GRU(4, 3, 4)}, letters, "ab cab", step=3, split=list)
    assert explorer.still()[1].startswith("Loss at step 4, where “a” is right")


def lag_trace(task, seeds=3, lags=(7, 15, 30)):
    accuracies = np.random.default_rng(seeds).uniform(0, 1, (2, len(lags), seeds))
    return LagTrace(task, lags, ("RNN", "GRU"), accuracies, 0.5)


def test_remembered_shows_every_seed_of_the_chosen_task(wire):
    traces = [lag_trace("adding"), lag_trace("copy", lags=(5, 10, 20))]
    explorer = explore.remembered(traces, lag=1)
    for state, trace in [(opened(wire, explorer), traces[0]), (answer(wire, explorer, task="copy"), traces[1])]:
        for number in range(2):
            seeds = state["content"]["patches"][f"data.{2 + number}.y"]
            np.testing.assert_allclose(seeds, trace.accuracies[number], **FLOAT32)
        assert state["content"]["selections"] == 3
    assert_still(explore.remembered(traces, lag=2), plot_lags(traces[0], 2))
    assert size_in_bytes(explorer) <= 50_000


def test_remembered_needs_tasks_of_as_many_lags():
    with pytest.raises(ValueError, match="expected one task or more"):
        explore.remembered([])
    with pytest.raises(ValueError, match="'copy': 2"):
        explore.remembered([lag_trace("adding"), lag_trace("copy", lags=(5, 10))])


def test_they_stay_small(gru, networks):
    assert size_in_bytes(explore.interpolation(gru, VOCABULARY, TEXT, ANSWERS)) <= 50_000
    assert size_in_bytes(explore.reach(networks, VOCABULARY, " ".join([TEXT] * 3), step=4)) <= 50_000
