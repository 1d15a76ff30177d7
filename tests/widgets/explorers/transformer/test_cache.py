"""Another beginning is another text; every step has the sentence of its counts."""

import numpy as np
import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.transformer.decoder_only import CausalTransformer
from seqviz.plots.transformer.cache import cells, describe_cache
from seqviz.traces import trace_cache
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

LETTERS = Tokenizer.of_characters("abcd")


def made():
    torch.manual_seed(0)
    return CausalTransformer(len(LETTERS), 6, 3, 5, 2, "alibi")


def test_a_beginning_is_typed(wire):
    explorer = explore.cache(made(), LETTERS, "abc", length=4)
    content = opened(wire, explorer)["content"]
    trace = trace_cache(made(), LETTERS, "abc", length=4)
    assert content["sentences"] == [describe_cache(trace, step) for step in range(4)]
    content = answer(wire, explorer, text="ca")["content"]
    trace = trace_cache(made(), LETTERS, "ca", length=4)
    assert content["sentences"] == [describe_cache(trace, step) for step in range(4)]
    np.testing.assert_array_equal(content["patches"]["data.0.z"][-1], cells(trace)["again"])
    assert "got 'q'" in answer(wire, explorer, text="q")["content"]["error"]
