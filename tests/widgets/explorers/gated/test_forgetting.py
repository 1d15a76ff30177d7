"""Words are painted by what a network would answer there."""

import numpy as np
import torch

from seqviz.data import Tokenizer
from seqviz.models import GRU, LSTM
from seqviz.traces import trace_forgetting
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

VOCABULARY = Tokenizer.of_characters("ab,wx")
ASKED = {"ask": ",", "answers": ("w", "x"), "split": list}


def networks():
    torch.manual_seed(3)
    return {"GRU": GRU(5, 4, 5), "LSTM": LSTM(5, 6, 5)}


def test_it_is_painted_by_any_network_and_opens_with_the_one_that_changes_most(wire):
    made = networks()
    explorer = explore.forgetting(made, VOCABULARY, "aab,b", **ASKED)
    content = opened(wire, explorer)["content"]
    shares = trace_forgetting(made, VOCABULARY, "aab,b", ",", ("w", "x")).shares
    np.testing.assert_allclose(content["strip"]["levels"], shares, atol=1e-6)
    assert [caption["ends"] for caption in content["strip"]["captions"]] == [["“w”", "“x”"]] * 2
    assert explorer.values["network"] == (shares.max(1) - shares.min(1)).argmax()
    assert explorer.values["step"] == 4
    assert content["strip"]["by"] == "network"


def test_another_text_is_answered(wire):
    made = networks()
    explorer = explore.forgetting(made, VOCABULARY, "aab,b", **ASKED)
    content = answer(wire, explorer, text="ba")["content"]
    shares = trace_forgetting(made, VOCABULARY, "ba", ",", ("w", "x")).shares
    np.testing.assert_allclose(content["strip"]["levels"], shares, atol=1e-6)
    assert content["selections"] == 2
    assert "'z'" in answer(wire, explorer, text="az")["content"]["error"]
