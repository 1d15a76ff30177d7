"""Prose from the standard library."""

import pytest
import torch

from seqviz.data import PROSE_ALPHABET, prose, tidy, windows


def test_prose_is_long_readable_and_within_its_alphabet():
    text = prose()
    assert len(text) > 150_000
    assert set(text) <= set(PROSE_ALPHABET.tokens)
    # code would have few of these; English has one about every 15 characters
    assert text.count(" the ") > len(text) / 200


def test_tidy_brings_any_text_into_the_alphabet():
    assert tidy("Don’t  SHOUT:\tπ = 3.14!") == "don't shout ."


def test_targets_are_the_inputs_one_step_later_and_the_seed_decides():
    indices = torch.arange(50)
    x, y = windows(indices, batch=7, time=5, generator=torch.Generator().manual_seed(0))
    assert x.shape == (7, 5)
    assert torch.equal(y, x + 1)
    again, _ = windows(indices, batch=7, time=5, generator=torch.Generator().manual_seed(0))
    assert torch.equal(x, again)


def test_the_last_possible_window_is_reached_and_a_longer_one_refused():
    indices = torch.arange(6)
    x, _ = windows(indices, batch=50, time=4, generator=torch.Generator().manual_seed(0))
    assert set(x[:, 0].tolist()) == {0, 1}
    with pytest.raises(ValueError, match="longer than time=6, got 6"):
        windows(indices, batch=1, time=6, generator=torch.Generator())
