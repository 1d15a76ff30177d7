"""A prefix beam against all labels there are, with and without a language model."""

import itertools
import math

import pytest
import torch

from seqviz.models.hearing.ctc import ctc_log_probability
from seqviz.models.hearing.ctc_search import Language, best_path, log_add, prefix_beam_search
from seqviz.models.language.ngram import NGram, ngram_decode_step, no_context


def drawn(time: int, labels: int, seed: int) -> torch.Tensor:
    numbers = torch.randn(time, labels, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return (2 * numbers).log_softmax(-1)


def probability(log_p: torch.Tensor, labels: tuple[int, ...]) -> float:
    asked = torch.tensor([len(log_p)]), torch.tensor([len(labels)])
    return float(ctc_log_probability(log_p[None], torch.tensor([labels], dtype=torch.long).view(1, -1), *asked))


def language(seed: int = 0) -> tuple[NGram, Language]:
    text = torch.randint(3, (200,), generator=torch.Generator().manual_seed(seed))
    model = NGram(text, 3, 2)
    return model, Language(ngram_decode_step(model), no_context(1, 2))


@pytest.mark.parametrize("seed", range(5))
def test_a_beam_that_keeps_everything_finds_the_sums_of_all_labels(seed):
    log_p = drawn(4, 3, seed)
    found = prefix_beam_search(log_p, width=1000)
    for one in found:
        assert one.log_probability == pytest.approx(probability(log_p, one.labels), abs=1e-10)
        assert one.score == one.log_probability
    every = (labels for n in range(5) for labels in itertools.product((1, 2), repeat=n))
    possible = {labels for labels in every if probability(log_p, labels) > -math.inf}
    assert {one.labels for one in found} == possible
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_the_best_path_is_not_the_best_sum():
    log_p = torch.tensor([[0.6, 0.4], [0.6, 0.4]]).log()
    assert best_path(log_p) == ()
    best = prefix_beam_search(log_p, 4)[0]
    assert best.labels == (1,)
    assert math.exp(best.log_probability) == pytest.approx(1 - 0.6 * 0.6)


def test_the_same_label_again_needs_a_blank():
    log_p = torch.tensor([[0.1, 0.9], [0.9, 0.1], [0.1, 0.9]]).log()
    assert prefix_beam_search(log_p, 4)[0].labels == (1, 1)
    without = torch.tensor([[0.1, 0.9], [0.1, 0.9]]).log()
    assert {one.labels for one in prefix_beam_search(without, 9)} == {(), (1,)}


@pytest.mark.parametrize("weight", [0.4, 1.0])
def test_with_a_language_model_the_best_of_all_labels_is_found(weight):
    model, spoken = language()
    bonus = 0.3
    for seed in range(4):
        log_p = drawn(4, 3, seed)
        scores = {}
        for labels in (one for n in range(5) for one in itertools.product((1, 2), repeat=n)):
            said = torch.tensor([0, *labels, 0])  # the start, the labels, the end
            of_language = float(model.log_probabilities(said)[1:].sum())
            scores[labels] = probability(log_p, labels) + weight * of_language + bonus * len(labels)
        best = prefix_beam_search(log_p, 1000, spoken, weight, bonus)[0]
        assert best.labels == max(scores, key=scores.__getitem__)
        assert best.score == pytest.approx(scores[best.labels], abs=1e-10)


def test_a_narrow_beam_keeps_as_many_as_asked_and_scores_no_more_than_there_is():
    log_p = drawn(8, 4, 1)
    narrow, wide = prefix_beam_search(log_p, 3), prefix_beam_search(log_p, 2000)
    assert len(narrow) == 3
    sums = {one.labels: one.log_probability for one in wide}
    assert all(one.log_probability <= sums[one.labels] + 1e-12 for one in narrow)


def test_what_is_impossible_is_no_prefix():
    log_p = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]).log()
    assert [one.labels for one in prefix_beam_search(log_p, 9)] == [(2,)]


def test_logarithms_are_added():
    assert log_add(math.log(0.25), math.log(0.5)) == pytest.approx(math.log(0.75))
    assert log_add(-math.inf, -math.inf) == -math.inf
    assert log_add(-math.inf, 2.0) == 2.0
    assert log_add(-2000.0, -2000.0) == pytest.approx(-2000 + math.log(2))


def test_no_width_and_no_frame_are_refused():
    with pytest.raises(ValueError, match="width: expected at least 1"):
        prefix_beam_search(drawn(3, 3, 0), 0)
    with pytest.raises(ValueError, match="time: expected at least 1"):
        prefix_beam_search(torch.zeros(0, 3), 2)
