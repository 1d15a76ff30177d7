"""Beam search against enumeration and against a search that reads every hypothesis again from its beginning."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.models.translation.search import (
    Hypothesis,
    beam_search,
    beam_steps,
    exhaustive_search,
    greedy,
    log_probability,
    rows_of,
)

START, END, TOKENS = 0, 1, 3


def random_step(seed: int, impossible: bool = False):
    """Log-probabilities that depend on everything read so far: the state is the text, packed in more than one way."""
    logits = torch.randn(4**5, TOKENS, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    if impossible:
        logits[::2, 2] = -torch.inf

    def step(token, state):
        read, rest = state
        read = read * 4 + token + 1
        rest = {"length": rest["length"] + 1, "nothing": None}
        return logits[read % len(logits)].log_softmax(-1), (read, rest)

    return step, (torch.zeros(1, dtype=torch.long), {"length": torch.zeros(1), "nothing": None})


def slow_beam(step, state, width: int, max_length: int, alpha: float) -> list[tuple[int, ...]]:
    """Keep texts only, and score each from its beginning at every step."""
    alive, found = [()], []
    for _ in range(max_length):
        longer = [(*text, token) for text in alive for token in range(TOKENS)]
        longer.sort(key=lambda text: -log_probability(step, state, START, text))
        longer = longer[:width]
        found += [text for text in longer if text[-1] == END or len(text) == max_length]
        alive = [text for text in longer if text[-1] != END]
    return sorted(found, key=lambda text: -log_probability(step, state, START, text) / len(text) ** alpha)


@settings(deadline=None)
@given(
    seed=st.integers(0, 10**6),
    width=st.integers(1, 4),
    max_length=st.integers(1, 4),
    alpha=st.sampled_from([0.0, 0.7, 1.0]),
)
def test_every_hypothesis_goes_on_from_its_own_parents_state(seed, width, max_length, alpha):
    step, state = random_step(seed)
    found = beam_search(step, state, START, END, width, max_length, alpha)
    assert [one.tokens for one in found] == slow_beam(step, state, width, max_length, alpha)
    for one in found:
        assert one.log_probability == pytest.approx(log_probability(step, state, START, one.tokens), abs=1e-12)
        assert one.score(alpha) == pytest.approx(one.log_probability / len(one.tokens) ** alpha, abs=1e-15)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6), max_length=st.integers(1, 4), alpha=st.sampled_from([0.0, 0.5, 2.0]))
def test_a_beam_that_holds_all_outputs_is_exhaustive(seed, max_length, alpha):
    step, state = random_step(seed)
    wide = beam_search(step, state, START, END, TOKENS**max_length, max_length, alpha)
    every = exhaustive_search(step, state, START, END, TOKENS, max_length, alpha)
    assert [one.tokens for one in wide] == [one.tokens for one in every]
    assert math.fsum(math.exp(one.log_probability) for one in every) == pytest.approx(1, abs=1e-12)


def test_width_1_is_greedy_and_a_wider_beam_may_find_what_greedy_misses():
    step, state = random_step(5)
    likeliest = [
        exhaustive_search(step, state, START, END, TOKENS, 4)[0] for step, state in map(random_step, range(50))
    ]
    taken = [greedy(step, state, START, END, 4) for step, state in map(random_step, range(50))]
    assert greedy(step, state, START, END, 4) == beam_search(step, state, START, END, 1, 4)[0]
    assert all(one.log_probability >= other.log_probability for one, other in zip(likeliest, taken, strict=True))
    assert any(one.tokens != other.tokens for one, other in zip(likeliest, taken, strict=True))


def test_what_is_impossible_is_never_kept():
    step, state = random_step(1, impossible=True)
    for taken in beam_steps(step, state, START, END, 9, 4):
        assert len(taken.kept) == len(taken.parents)
        assert all(one.log_probability > -math.inf for one in taken.kept)


def test_a_step_names_the_parents_among_those_that_had_not_ended():
    step, state = random_step(3)
    before = [Hypothesis((), 0.0, False)]
    for taken in beam_steps(step, state, START, END, 4, 4):
        for one, parent in zip(taken.kept, taken.parents, strict=True):
            assert one.tokens[:-1] == before[parent].tokens
        before = [one for one in taken.kept if not one.ended]


def test_a_search_leaves_the_state_it_was_given():
    step, state = random_step(2)
    beam_search(step, state, START, END, 3, 3)
    assert state[0].tolist() == [0]
    assert state[1]["length"].tolist() == [0]


def test_a_state_of_something_else_and_sizes_below_1_are_refused():
    with pytest.raises(TypeError, match="state: expected tensors, in tuples, lists or dicts, got str"):
        rows_of(("no",), torch.tensor([0]))
    step, state = random_step(0)
    with pytest.raises(ValueError, match="width: expected at least 1, got 0"):
        beam_search(step, state, START, END, 0, 3)
    with pytest.raises(ValueError, match="max_length: expected at least 1, got 0"):
        exhaustive_search(step, state, START, END, TOKENS, 0)
