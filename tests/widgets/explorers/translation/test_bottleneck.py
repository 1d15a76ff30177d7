"""A source in the hand: what was read is lit, and another source is translated anew."""

import numpy as np
import torch

from seqviz.data import Tokenizer
from seqviz.plots.translation.bottleneck import describe_bottleneck
from seqviz.traces import trace_bottleneck
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

WORDS = Tokenizer.of_words(["0", "1", "2"], special=True)


def translator(source: str):
    table = torch.randn(len(WORDS), len(WORDS), generator=torch.Generator().manual_seed(int(source)))
    return (lambda token, state: (table[token].log_softmax(-1), state)), torch.zeros(1)


def right(source: str) -> str:
    if set(source) - set("012"):
        raise ValueError(f"expected the digits 0, 1 and 2, got {source!r}")
    return " ".join(source)


def test_what_was_read_is_lit_and_another_source_is_translated(wire):
    explorer = explore.bottleneck({"one": translator}, WORDS, "210", right)
    strip = opened(wire, explorer)["content"]["strip"]
    np.testing.assert_array_equal(np.asarray(strip["levels"]), [[1, 0, 0], [1, 1, 0], [1, 1, 1]])
    content = answer(wire, explorer, source="12")["content"]
    trace = trace_bottleneck({"one": translator}, WORDS, "12", right)
    assert content["sentences"] == [describe_bottleneck(trace, step) for step in range(2)]


def test_what_has_no_right_translation_is_answered_in_words(wire):
    explorer = explore.bottleneck({"one": translator}, WORDS, "21", right)
    assert answer(wire, explorer, source="25")["content"]["error"] == "expected the digits 0, 1 and 2, got '25'"
