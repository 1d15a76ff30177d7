"""Who is chosen, what becomes of the chosen, and that special tokens never are."""

import pytest
import torch

from seqviz.data.tokenizer import CLS, MASK, PAD, SEP
from seqviz.data.transformer.masking import mask_tokens

VOCABULARY = 40
ROW = [CLS, 7, 8, 9, SEP, 10, 39, SEP, PAD]
ROWS = torch.tensor([ROW] * 4000)
WORDS = ROWS >= 7


def masked(share, seed=0):
    return mask_tokens(ROWS, VOCABULARY, torch.Generator().manual_seed(seed), share)


def close(found, expected, count):
    return abs(found - expected) <= 4.5 * (expected * (1 - expected) / count) ** 0.5


def test_special_tokens_are_never_chosen_and_only_the_chosen_change():
    tokens, chosen = masked(0.5)
    assert not chosen[~WORDS].any()
    assert torch.equal(tokens[~chosen], ROWS[~chosen])
    assert ROWS[0].tolist() == ROW  # as it was


@pytest.mark.parametrize("share", [0.15, 0.5])
def test_a_share_is_chosen_and_of_it_80_10_10(share):
    tokens, chosen = masked(share)
    words, asked = int(WORDS.sum()), int(chosen.sum())
    assert close(asked / words, share, words)
    hidden, kept = (tokens == MASK)[chosen].double().mean(), (tokens == ROWS)[chosen].double().mean()
    assert close(hidden, 0.8, asked)
    # one of 33 words drawn is the same one
    assert close(kept, 0.1 + 0.1 / 33, asked)


def test_a_token_in_the_place_of_another_is_any_word_and_no_special_token():
    tokens, chosen = masked(1.0)
    replaced = tokens[chosen & (tokens != MASK) & (tokens != ROWS)]
    assert sorted(set(replaced.tolist())) == list(range(7, VOCABULARY))


def test_what_becomes_of_a_token_does_not_depend_on_how_it_was_chosen():
    # with one number for both decisions, those chosen at 15 % would all be hidden
    tokens, chosen = masked(0.15)
    assert (tokens != MASK)[chosen].any()


def test_all_and_none():
    assert torch.equal(masked(1.0).chosen, WORDS)
    tokens, chosen = masked(0.0)
    assert torch.equal(tokens, ROWS)
    assert not chosen.any()


def test_a_sequence_alone_and_the_same_seed():
    alone = [mask_tokens(ROWS[0], VOCABULARY, torch.Generator().manual_seed(2), 0.5) for _ in range(2)]
    assert alone[0].tokens.shape == (9,)
    assert torch.equal(alone[0].tokens, alone[1].tokens)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_of_0_and_1_is_refused(share):
    with pytest.raises(ValueError, match=f"share: expected a number in 0 … 1, got {share}"):
        masked(share)
