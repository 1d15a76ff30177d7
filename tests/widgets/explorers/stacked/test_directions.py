"""What the taggers say is what is drawn."""

import numpy as np
import pytest
import torch

from seqviz.data import TAGS, teddy_and_apple
from seqviz.models import Bidirectional, RNNLayer, Tagger
from seqviz.traces import trace_directions
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened
from tests.widgets.wire import size_in_bytes

VOCABULARY = teddy_and_apple().vocabulary()
TEXT = "apple stores sell the new iphone"


@pytest.fixture
def taggers():
    torch.manual_seed(0)
    size = len(VOCABULARY)
    both = Bidirectional(RNNLayer(size, 4), RNNLayer(size, 5))
    return {"left to right": Tagger(RNNLayer(size, 6), 6, 7), "both directions": Tagger(both, 9, 7)}


@pytest.mark.parametrize("text", [TEXT, "teddy bears are on sale", "zebra"])
def test_bars_and_cells_are_the_taggers_probabilities(wire, taggers, text):
    explorer = explore.directions(taggers, VOCABULARY, TAGS, TEXT)
    state = opened(wire, explorer) if text == TEXT else answer(wire, explorer, text=text)
    x = VOCABULARY.one_hot(VOCABULARY.encode(text.split()))[None]
    for row, tagger in enumerate(taggers.values()):
        with torch.no_grad():
            expected = tagger(x)[0].softmax(-1).numpy()
        np.testing.assert_allclose(state["figure"]["data"][0]["z"][row], 1 - expected[:, 0], atol=1e-6)
        np.testing.assert_allclose(state["content"]["patches"][f"data.{3 + row}.y"], expected, atol=1e-6)
    assert state["content"]["selections"] == len(text.split()) == len(state["content"]["sentences"])


def test_letters_are_read_one_by_one_where_a_text_is_cut_so(wire):
    torch.manual_seed(1)
    reader = {"one": Tagger(RNNLayer(len(VOCABULARY), 3), 3, 7)}
    explorer = explore.directions(reader, VOCABULARY, TAGS, "!'!", split=list, step=2)
    content = opened(wire, explorer)["content"]
    assert content["selections"] == 3
    assert explorer.values["step"] == 2
    expected = trace_directions(reader, VOCABULARY, TAGS, ["!", "'", "!"])
    np.testing.assert_allclose(content["patches"]["data.3.y"], expected.probabilities[0], atol=1e-6)


def test_an_empty_line_is_answered_in_words(wire, taggers):
    explorer = explore.directions(taggers, VOCABULARY, TAGS, TEXT)
    update = answer(wire, explorer, text="  ")
    assert "at least one word" in update["content"]["error"]


def test_what_is_sent_and_recorded_is_small(taggers):
    directions, depth = explore.directions(taggers, VOCABULARY, TAGS, TEXT), explore.spread()
    assert size_in_bytes(directions) < 50_000
    assert size_in_bytes(depth) < 50_000
    assert len(depth.recording()["answers"]) == 2 * 4
    assert len(directions.recording()["answers"]) == 1
