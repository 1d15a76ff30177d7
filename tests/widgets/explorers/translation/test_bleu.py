"""BLEU in the hand: the translation that is typed is scored, and the words that count are lit."""

import numpy as np

from seqviz.plots.translation.bleu import describe_bleu
from seqviz.traces import trace_bleu
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

REFERENCES = ["drei und vierzig", "vierzig und drei"]


def test_words_that_count_are_lit_for_every_order(wire):
    explorer = explore.bleu("drei und drei vierzig", REFERENCES)
    strip = opened(wire, explorer)["content"]["strip"]
    trace = trace_bleu("drei und drei vierzig", REFERENCES)
    assert strip["tokens"] == list(trace.tokens)
    np.testing.assert_array_equal(np.asarray(strip["levels"]), trace.matched)
    assert all(reference in caption["words"] for caption in strip["captions"] for reference in REFERENCES)
    assert len(strip["captions"]) == len(trace.matched)


def test_what_is_typed_is_scored(wire):
    explorer = explore.bleu("drei und vierzig", REFERENCES)
    content = answer(wire, explorer, candidate="drei vierzig und")["content"]
    trace = trace_bleu("drei vierzig und", REFERENCES)
    assert content["sentences"] == [describe_bleu(trace, word) for word in range(3)]


def test_nothing_typed_is_answered_in_words(wire):
    explorer = explore.bleu("drei", REFERENCES)
    assert "expected at least one word" in answer(wire, explorer, candidate=" ")["content"]["error"]
