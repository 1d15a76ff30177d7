"""Every beginning of a source is translated anew, by hand and by the trace."""

import math

import pytest
import torch

from seqviz.data.tokenizer import BOS, EOS, Tokenizer
from seqviz.models.translation.search import greedy, log_probability
from seqviz.traces.translation.bottleneck import trace_bottleneck

WORDS = Tokenizer.of_words(["eins", "zwei", "drei"], special=True)
NAMES = {"1": "eins", "2": "zwei", "3": "drei"}


def translator_of(seed: int):
    def translator(source: str):
        generator = torch.Generator().manual_seed(seed + int(source))
        table = torch.randn(len(WORDS), len(WORDS), generator=generator, dtype=torch.float64)
        return (lambda token, state: (table[token].log_softmax(-1), state)), torch.zeros(1)

    return translator


def right(source: str) -> str:
    return " ".join(NAMES[digit] for digit in source)


def test_each_beginning_is_asked_for_with_its_own_right_translation():
    translators = {"small": translator_of(1), "large": translator_of(7)}
    trace = trace_bottleneck(translators, WORDS, "213", right, max_length=4)
    assert (trace.tokens, trace.names) == (("2", "1", "3"), ("small", "large"))
    assert trace.right == ("zwei", "zwei eins", "zwei eins drei")
    for row, translator in enumerate(translators.values()):
        for column, beginning in enumerate(["2", "21", "213"]):
            step, state = translator(beginning)
            wanted = [WORDS.tokens.index(word) for word in right(beginning).split()]
            P = math.exp(log_probability(step, state, BOS, (*wanted, EOS)))
            assert trace.probabilities[row, column] == pytest.approx(P)
            best = greedy(step, state, BOS, EOS, 4)
            words = [WORDS.tokens[token] for token in best.tokens if token != EOS]
            assert trace.said[row][column] == " ".join(words)


def test_nothing_typed_is_refused():
    with pytest.raises(ValueError, match="expected at least one character, got an empty text"):
        trace_bottleneck({"one": translator_of(1)}, WORDS, "", right)
