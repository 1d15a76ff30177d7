"""n-grams against nltk, against counting by hand, and against what probabilities must do."""

import itertools
import math
from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.lm import Laplace, WittenBellInterpolated

from seqviz.models.decoding import sample
from seqviz.models.language.ngram import SMOOTHINGS, NGram, Smoothing, ngram_decode_step, no_context

TEXT = torch.tensor([0, 1, 2, 0, 1, 0, 0, 2, 1, 0, 1, 2, 2, 0, 1, 0, 3, 0, 1])
VOCABULARY = 5  # token 4 never comes up
exactly = {"rtol": 0, "atol": 1e-12}


def by_counting(text: list[int], context: tuple[int, ...], w: int, smoothing: Smoothing) -> float:
    """P(w | context), with slices and counters."""
    after = Counter(
        text[i + len(context)] for i in range(len(text) - len(context)) if tuple(text[i : i + len(context)]) == context
    )
    total, types = sum(after.values()), len(after)
    if smoothing == "add one":
        return (after[w] + 1) / (total + VOCABULARY)
    lower = by_counting(text, context[1:], w, smoothing) if context else 1 / VOCABULARY
    return (after[w] + types * lower) / (total + types) if total else lower


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_every_probability_is_the_one_counted_by_hand(order: int, smoothing: Smoothing):
    model = NGram(TEXT, VOCABULARY, order, smoothing)
    for context in itertools.product(range(VOCABULARY), repeat=order - 1):
        p = model.probabilities(torch.tensor([context], dtype=torch.int64))[0]
        expected = [by_counting(TEXT.tolist(), context, w, smoothing) for w in range(VOCABULARY)]
        torch.testing.assert_close(p, torch.tensor(expected, dtype=torch.float64), **exactly)


@pytest.mark.parametrize(("smoothing", "theirs"), [("add one", Laplace), ("Witten–Bell", WittenBellInterpolated)])
def test_seen_contexts_have_the_probabilities_of_nltk(smoothing: Smoothing, theirs):
    text = [str(token) for token in TEXT.tolist()]
    order, known = 3, sorted(set(text))
    grams = [[tuple(text[i : i + n]) for i in range(len(text) - n + 1)] for n in range(1, order + 1)]
    oracle = theirs(order)
    oracle.fit([[gram for one in grams for gram in one]], vocabulary_text=known)
    # nltk counts <UNK> as one more word; and its Witten–Bell ends at the unigrams as they are, without a uniform part
    extra = "4" if smoothing == "add one" else None
    model = NGram(TEXT, VOCABULARY, order, smoothing)
    for context in {gram[:2] for gram in grams[2]}:
        ours = model.probabilities(torch.tensor([[int(one) for one in context]]))[0]
        for w in known:
            expected = oracle.score(w, context)
            if extra is None:
                expected = _with_our_unigrams(oracle, model, w, context)
            assert math.isclose(float(ours[int(w)]), expected, rel_tol=0, abs_tol=1e-12)


def _with_our_unigrams(oracle, model: NGram, w: str, context: tuple[str, ...]) -> float:
    """nltk's own interpolation, its unigram exchanged for ours, which has a uniform part."""
    if not context:
        return float(model.probabilities(torch.zeros(1, 0, dtype=torch.int64))[0, int(w)])
    alpha, gamma = oracle.estimator.alpha_gamma(w, context)
    return alpha + gamma * _with_our_unigrams(oracle, model, w, context[1:])


@settings(deadline=None)
@given(
    text=st.lists(st.integers(0, 3), min_size=5, max_size=40),
    context=st.lists(st.integers(0, 4), min_size=0, max_size=5),
    order=st.integers(1, 5),
    smoothing=st.sampled_from(SMOOTHINGS),
)
def test_after_any_context_the_probabilities_are_above_0_and_sum_to_1(text, context, order, smoothing):
    model = NGram(torch.tensor(text), VOCABULARY, order, smoothing)
    p = model.probabilities(torch.tensor([context], dtype=torch.int64))
    assert bool((p > 0).all())
    torch.testing.assert_close(p.sum(-1), torch.ones(1, dtype=torch.float64), **exactly)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_all_strings_of_one_length_share_a_probability_of_1(smoothing: Smoothing):
    model = NGram(TEXT % 3, 3, 3, smoothing)
    strings = itertools.product(range(3), repeat=4)
    total = sum(float(model.log_probabilities(torch.tensor(string)).sum().exp()) for string in strings)
    assert math.isclose(total, 1, rel_tol=0, abs_tol=1e-12)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_a_text_is_scored_token_by_token_with_what_stands_before(smoothing: Smoothing):
    model = NGram(TEXT, VOCABULARY, 3, smoothing)
    text = torch.tensor([2, 0, 4, 1, 1, 0])
    slow = [float(model.probabilities(text[None, :t])[0, text[t]].log()) for t in range(len(text))]
    torch.testing.assert_close(model.log_probabilities(text), torch.tensor(slow, dtype=torch.float64), **exactly)
    torch.testing.assert_close(
        model.log_probabilities(text[:1]), torch.tensor(slow[:1], dtype=torch.float64), **exactly
    )


def test_the_decode_step_reads_token_by_token():
    model = NGram(TEXT, VOCABULARY, 3)
    step, state = ngram_decode_step(model), no_context(2)
    read = torch.tensor([[0, 1, 2], [3, 0, 0]])
    for t in range(3):
        log_p, state = step(read[:, t], state)
        torch.testing.assert_close(log_p.exp(), model.probabilities(read[:, : t + 1]), **exactly)
    drawn = sample(step, no_context(1), torch.tensor([0]), 2000, torch.Generator().manual_seed(0))[0]
    share = ((drawn[:-1] == 0) & (drawn[1:] == 1)).sum() / (drawn[:-1] == 0).sum()
    assert 0.4 < float(share) < 0.7, "5 of 8 zeros are followed by a one"


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_a_state_of_full_length_says_what_a_shorter_one_says(smoothing: Smoothing):
    model = NGram(TEXT, VOCABULARY, 4, smoothing)
    step, short, full = ngram_decode_step(model), no_context(1), no_context(1, order=4)
    assert full.tolist() == [[-1, -1, -1]]
    for token in torch.tensor([[0], [4], [1], [0], [1], [2]]):
        (expected, short), (got, full) = step(token, short), step(token, full)
        torch.testing.assert_close(got, expected, **exactly)
        assert full.shape == (1, 3)


def test_a_unigram_decode_step_forgets_everything():
    step = ngram_decode_step(NGram(TEXT, VOCABULARY, 1))
    one, _ = step(torch.tensor([0]), no_context(1))
    other, _ = step(torch.tensor([3]), no_context(1))
    torch.testing.assert_close(one, other, **exactly)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"order": 0}, "order: expected at least 1, got 0"),
        ({"tokens": torch.tensor([0, 5])}, "tokens: expected one or more indices in 0 … 4, got 0 … 5"),
        ({"tokens": torch.tensor([], dtype=torch.int64)}, "tokens: expected one or more indices in 0 … 4, got none"),
        ({"tokens": torch.tensor([1])}, "tokens: expected at least as many as the order, 2, got 1"),
        ({"vocabulary": 100_000, "order": 4}, r"expected vocabulary \*\* order below 2 \*\* 63, got 100000 \*\* 4"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        NGram(**({"tokens": TEXT, "vocabulary": VOCABULARY, "order": 2} | change))


def test_an_unknown_smoothing_and_tokens_that_are_no_indices_are_refused_in_words():
    init = NGram.__init__.__wrapped__  # without the types that are enforced in tests
    with pytest.raises(ValueError, match="smoothing: expected one of 'add one', 'Witten–Bell', got 'none'"):
        init(object.__new__(NGram), TEXT, VOCABULARY, 2, "none")
    with pytest.raises(TypeError, match="tokens: expected whole numbers"):
        init(object.__new__(NGram), TEXT.float(), VOCABULARY, 2)
