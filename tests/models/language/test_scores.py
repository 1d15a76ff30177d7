"""Scores against a slow loop, and what padding and other tokens must not change."""

import math

import pytest
import torch

from seqviz.models.language.scores import bits_per_character, perplexity, sequence_log_probability

LENGTHS = torch.tensor([3, 1, 5])
LOG_P = torch.rand(3, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).log()


def real(log_p: torch.Tensor) -> list[list[float]]:
    return [row[:length] for row, length in zip(log_p.tolist(), LENGTHS.tolist(), strict=True)]


@pytest.mark.parametrize("padding", [0.0, -math.inf, math.nan])
def test_a_sequence_has_the_product_of_its_probabilities_whatever_the_padding(padding: float):
    padded = LOG_P.clone()
    padded[torch.arange(5) >= LENGTHS[:, None]] = padding
    expected = [math.log(math.prod(math.exp(one) for one in row)) for row in real(LOG_P)]
    found = sequence_log_probability(padded, LENGTHS)
    torch.testing.assert_close(found, torch.tensor(expected, dtype=torch.float64), rtol=0, atol=1e-12)


def test_perplexity_is_over_all_tokens_alike():
    every = [one for row in real(LOG_P) for one in row]
    expected = math.exp(-sum(every) / len(every))
    assert math.isclose(perplexity(LOG_P, LENGTHS), expected, rel_tol=1e-12)
    of_rows = [math.exp(-sum(row) / len(row)) for row in real(LOG_P)]
    assert not math.isclose(expected, sum(of_rows) / 3, rel_tol=0.01), "not a mean of sequences"
    assert not math.isclose(expected, sum(math.exp(-one) for one in every) / len(every), rel_tol=0.01)


@pytest.mark.parametrize("choices", [2, 7])
def test_who_cannot_decide_between_k_tokens_has_perplexity_k(choices: int):
    undecided = torch.full((4, 6), -math.log(choices), dtype=torch.float64)
    assert math.isclose(perplexity(undecided), choices, rel_tol=1e-12)


def test_bits_per_character_do_not_depend_on_the_tokens():
    halves = torch.tensor([0.5, 0.25, 0.125]).log()  # 1, 2 and 3 bits
    assert math.isclose(bits_per_character(halves, 3), 2, rel_tol=1e-6)
    together = torch.tensor([0.5 * 0.25 * 0.125]).log()  # the same three characters as one token
    assert math.isclose(bits_per_character(together, 3), bits_per_character(halves, 3), rel_tol=1e-6)
    with pytest.raises(ValueError, match="characters: expected at least 1, got 0"):
        bits_per_character(halves, 0)
