"""The score of a candidate is the sum that the equation says."""

import pytest
import torch

from seqviz.models.language.rescoring import rescore

HEARD, LANGUAGE, WORDS = torch.tensor([-3.0, -2.9]), torch.tensor([-8.0, -11.0]), torch.tensor([3, 4])


def test_the_score_is_the_weighted_sum_with_a_bonus_for_each_word():
    found = rescore(HEARD, LANGUAGE, WORDS, weight=0.5, bonus=2.0)
    torch.testing.assert_close(found, torch.tensor([-3 - 4 + 6.0, -2.9 - 5.5 + 8]))


def test_the_ear_decides_without_weight_and_the_model_with_it():
    assert rescore(HEARD, LANGUAGE, WORDS, weight=0.0).argmax() == 1
    assert rescore(HEARD, LANGUAGE, WORDS, weight=1.0).argmax() == 0
    assert rescore(HEARD, LANGUAGE, WORDS, weight=1.0, bonus=4.0).argmax() == 1, "the bonus favours the longer one"


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"words: expected shape \(candidate=2\), got \(3,\)"):
        rescore.__wrapped__(HEARD, LANGUAGE, torch.tensor([1, 2, 3]))
