"""The record against sums made by hand in numpy; the map is a true projection, and the neighbours are not the map's."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.traces import trace_analogy

WORDS = Tokenizer.of_words("abcdefgh")
VECTORS = torch.randn(8, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
MAP = ["a", "b", "c", "d", "e"]


def unit(v):
    return v / np.linalg.norm(v, axis=-1, keepdims=True)


@pytest.fixture
def e():
    return unit(VECTORS.numpy())


def test_cosines_are_of_the_full_space(e):
    trace = trace_analogy(VECTORS, WORDS, ("a", "b"), MAP)
    for c in range(5):
        query = unit(e[1] - e[0] + e[c])
        np.testing.assert_allclose(trace.cosines[c], e[:5] @ query, atol=1e-12)
        others = e[5:] @ query
        assert trace.others[c] == "fgh"[others.argmax()]
        assert trace.other_cosines[c] == pytest.approx(others.max())


def test_the_map_keeps_the_arrow_along_its_first_axis(e):
    trace = trace_analogy(VECTORS, WORDS, ("a", "b"), MAP)
    arrow = trace.sums - trace.places
    np.testing.assert_allclose(arrow, np.tile([np.linalg.norm(e[1] - e[0]), 0], (5, 1)), atol=1e-12)
    np.testing.assert_allclose(trace.places[1] - trace.places[0], arrow[0], atol=1e-12)


@pytest.mark.parametrize(("left_out", "word"), [(True, "d"), (False, "c")])
def test_the_answer_is_the_nearest_that_may_be_one(left_out: bool, word: str):
    e = np.eye(5)
    vectors = torch.tensor(np.stack([e[0], e[0] + 0.1 * e[2], e[1], e[1] + 0.5 * e[2], e[3]]))
    trace = trace_analogy(
        vectors, Tokenizer.of_words("abcde"), ("a", "b"), ["a", "b", "c", "d"], query_left_out=left_out
    )
    answer = trace.answer(2)
    assert answer is not None
    assert trace.words[answer] == word
    assert trace.is_asked(2).tolist() == ([False, False, False, True] if left_out else [True] * 4)


def test_a_word_beside_the_map_can_be_the_answer():
    vectors = torch.tensor([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [-1, 1, 1]])
    trace = trace_analogy(vectors, Tokenizer.of_words("abcde"), ("a", "b"), ["a", "b", "c", "d"])
    assert trace.answer(2) is None
    assert trace.others[2] == "e"


@pytest.mark.parametrize(("pair", "words"), [(("a", "a"), MAP), (("a", "b"), ["a", "b"]), (("a", "z"), MAP)])
def test_impossible_requests_are_named(pair, words):
    with pytest.raises(ValueError, match="expected"):
        trace_analogy(VECTORS, WORDS, pair, words)
