"""The recorded tree against the search itself, and against probabilities read again from the beginning."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.data.tokenizer import BOS, EOS, Tokenizer
from seqviz.models.translation.search import beam_search, log_probability
from seqviz.traces.translation.beam import CUT, trace_beam

WORDS = Tokenizer.of_words(["a", "b"], special=True)
LENGTH = 6


def translator(source: str):
    """Log-probabilities that depend on everything read so far; the source is the seed."""
    logits = torch.randn(4**5, len(WORDS), generator=torch.Generator().manual_seed(int(source)), dtype=torch.float64)
    logits[:, EOS] += 1

    def step(token, read):
        read = read * 9 + token + 1
        return logits[read % len(logits)].log_softmax(-1), read

    return step, torch.zeros(1, dtype=torch.long)


def branches(trace):
    return [(t, i, branch) for t, row in enumerate(trace.steps) for i, branch in enumerate(row)]


def tokens_of(trace, t, i):
    """The tokens on the way from the root to a branch."""
    found = []
    while t >= 0:
        branch = trace.steps[t][i]
        found.append(WORDS.tokens.index(branch.token))
        t, i = t - 1, branch.parent
    return tuple(reversed(found))


@settings(deadline=None)
@given(seed=st.integers(0, 10**6), width=st.integers(1, 4), alpha=st.sampled_from([0.0, 0.5, 1.0, 1.5]))
def test_the_best_output_is_the_searchs_although_the_tree_ends_early(seed, width, alpha):
    trace = trace_beam(translator, WORDS, str(seed), width=width, max_length=LENGTH, alpha=alpha)
    step, state = translator(str(seed))
    found = beam_search(step, state, BOS, EOS, width, LENGTH, alpha)
    output, log_p, score = trace.outputs[0]
    best = found[0]
    words = [WORDS.tokens[token] for token in best.tokens]
    assert (output, log_p, score) == (
        " ".join(words[:-1] if best.ended else words),
        pytest.approx(best.log_probability),
        pytest.approx(best.score(alpha)),
    )


def test_it_ends_as_soon_as_nothing_can_overtake():
    for seed in range(20):
        trace = trace_beam(translator, WORDS, str(seed), width=3, max_length=LENGTH)
        alive = [[b.log_probability for b in row if b.kept and not b.ended] for row in trace.steps]
        best = [max((b.log_probability for b in row if b.ended), default=-math.inf) for row in trace.steps]
        so_far = [max(best[: t + 1]) for t in range(len(best))]
        over = [not row or max(row) <= found for row, found in zip(alive, so_far, strict=True)]
        assert over[:-1] == [False] * (len(over) - 1)
        assert over[-1] or len(trace.steps) == LENGTH


@pytest.mark.parametrize("width", [1, 3])
def test_every_branch_has_the_probability_of_its_way(width: int):
    trace = trace_beam(translator, WORDS, "5", width=width, max_length=LENGTH)
    step, state = translator("5")
    for t, i, branch in branches(trace):
        way = tokens_of(trace, t, i)
        assert branch.log_probability == pytest.approx(log_probability(step, state, BOS, way))
        before = log_probability(step, state, BOS, way[:-1])
        assert branch.probability == pytest.approx(math.exp(branch.log_probability - before))
        assert branch.ended == (branch.token == "<eos>")
    for row in trace.steps:
        kept = [branch.log_probability for branch in row if branch.kept]
        missed = [branch.log_probability for branch in row if not branch.kept]
        assert len(kept) == width
        assert len(missed) <= CUT
        assert max(missed) <= min(kept)


def test_outputs_are_ranked_by_their_scores():
    trace = trace_beam(translator, WORDS, "7", width=4, max_length=LENGTH, alpha=1.0)
    ranks = {branch.rank: branch for _, _, branch in branches(trace) if branch.rank}
    assert sorted(ranks) == list(range(1, len(trace.outputs) + 1))
    assert [ranks[rank].log_probability for rank in sorted(ranks)] == [log_p for _, log_p, _ in trace.outputs]
    scores = [score for *_, score in trace.outputs]
    assert scores == sorted(scores, reverse=True)


def test_a_negative_alpha_is_refused():
    with pytest.raises(ValueError, match=r"alpha: expected at least 0, got -0\.5"):
        trace_beam(translator, WORDS, "1", width=2, max_length=3, alpha=-0.5)
