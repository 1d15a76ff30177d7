"""What is sent for every length is what the trace says, whatever is hidden and whatever an entry is."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.traces import trace_cooccurrence
from seqviz.widgets import explore
from seqviz.widgets.explorers.embeddings.cooccurrence import NOTHING
from tests.widgets.asked import answer, opened
from tests.widgets.wire import size_in_bytes

WORDS = Tokenizer.of_words("abcdef")
X = torch.randint(1, 9, (6, 6), generator=torch.Generator().manual_seed(0)).double()
X = X + X.T
SIZES = (1, 2, 6)


def made():
    return explore.cooccurrence(X, WORDS, "abc", "def", [("a", "d"), ("b", "e")], SIZES, 2)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {"hidden": ("a", "d")}),
        ({"pair": "b … e"}, {"hidden": ("b", "e")}),
        ({"pair": NOTHING}, {}),
        ({"entries": "counts"}, {"hidden": ("a", "d"), "entries": "counts"}),
    ],
)
def test_the_table_of_every_length_is_sent(wire, asked, expected):
    explorer = made()
    content = opened(wire, explorer)["content"]
    if asked:
        content = answer(wire, explorer, **asked)["content"]
    place = next(i for i, one in enumerate(explorer._base.data) if one.uid == "table")
    trace = trace_cooccurrence(X, WORDS, "abc", "def", SIZES, **expected)
    np.testing.assert_allclose(content["patches"][f"data.{place}.z"], trace.products, atol=1e-5)


def test_what_is_sent_and_recorded_is_small():
    explorer = made()
    assert explorer.values["size"] == 1
    assert size_in_bytes(explorer) < 50_000
    assert len(explorer.recording()["answers"]) == 3 * 2
