"""What is sent for every word of the map is what the trace says, whichever vectors and whoever may answer."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.traces import trace_analogy
from seqviz.widgets import explore
from seqviz.widgets.explorers.embeddings.analogy import ASKED
from tests.widgets.asked import answer, opened
from tests.widgets.wire import size_in_bytes

WORDS = Tokenizer.of_words("abcdefgh")
MAP = ["a", "b", "c", "d", "e"]
PAIRS = [("a", "b"), ("c", "d")]


@pytest.fixture
def vectors():
    torch.manual_seed(0)
    return {"one": torch.randn(8, 4, dtype=torch.float64), "other": torch.randn(8, 4, dtype=torch.float64)}


@pytest.mark.parametrize(
    ("asked", "name", "pair", "left_out"),
    [
        ({}, "other", ("a", "b"), True),
        ({"vectors_of": "one"}, "one", ("a", "b"), True),
        ({"pair": "c → d"}, "other", ("c", "d"), True),
        ({"query": ASKED}, "other", ("a", "b"), False),
    ],
)
def test_the_bars_are_the_cosines_for_every_third_word(wire, vectors, asked, name, pair, left_out):
    explorer = explore.analogy(vectors, WORDS, PAIRS, MAP, "d")
    content = opened(wire, explorer)["content"]
    if asked:
        content = answer(wire, explorer, **asked)["content"]
    trace = trace_analogy(vectors[name], WORDS, pair, MAP, query_left_out=left_out)
    place = next(i for i, one in enumerate(explorer._base.data) if one.uid == "near")
    for c in range(5):
        asked_words = np.append(trace.is_asked(c), True)
        expected = np.where(asked_words, np.append(trace.cosines[c], trace.other_cosines[c]), 0)
        np.testing.assert_allclose(content["patches"][f"data.{place}.x"][c], expected, atol=1e-6)
    assert content["pick"] == "words"


def test_what_is_sent_and_recorded_is_small(vectors):
    explorer = explore.analogy(vectors, WORDS, PAIRS, MAP, "d")
    assert explorer.values["c"] == 3
    assert size_in_bytes(explorer) < 50_000
    made = explorer.recording()
    assert len(made["answers"]) == 2 * 2 * 2
    assert len(made["figures"]) == 4, "one for each map"
