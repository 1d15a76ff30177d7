"""Ramps in noise."""

import pytest
import torch

from seqviz.data.sequences.shifted_pattern import MARGIN, RAMP, place_ramps, ramp_positions, shifted_pattern


def test_the_ramp_lies_where_it_was_put_and_nowhere_else():
    background, positions = torch.zeros(3, 20), torch.tensor([4, 7, 11])
    x = place_ramps(background, torch.tensor([0, 1, 0]), positions)[..., 0]
    for row, falling, position in zip(x, (False, True, False), positions.tolist(), strict=True):
        expected = torch.zeros(20)
        expected[position : position + 5] = torch.tensor(sorted(RAMP, reverse=falling))
        torch.testing.assert_close(row, expected)
    assert not background.any(), "the noise that came in is left as it was"


def test_both_classes_hold_the_same_values():
    background = torch.randn(1, 32, generator=torch.Generator().manual_seed(0)).repeat(2, 1) * 0
    x = place_ramps(background, torch.tensor([0, 1]), torch.tensor([9, 9]))[..., 0]
    assert torch.equal(x[0].sort().values, x[1].sort().values)


def test_drawn_sequences_have_their_ramps_at_the_positions_asked_for():
    x, y = shifted_pattern(400, [6, 9], torch.Generator().manual_seed(0), time=24, noise=0.0)
    assert x.shape == (400, 24, 1)
    starts = x[..., 0].ne(0).int().argmax(1)
    assert set(starts.tolist()) == {6, 9}
    first, last = (x[torch.arange(400), starts + offset, 0] for offset in (0, len(RAMP) - 1))
    assert torch.equal((first > last).long(), y)
    assert 150 < int(y.sum()) < 250


def test_noise_is_as_strong_as_asked_and_the_same_for_the_same_seed():
    x, _ = shifted_pattern(500, [4], torch.Generator().manual_seed(5), noise=0.7)
    assert x.shape == (500, 32, 1)
    assert abs(float(x[:, 12:].std()) - 0.7) < 0.03
    assert torch.equal(x, shifted_pattern(500, [4], torch.Generator().manual_seed(5), noise=0.7)[0])


def test_places_leave_a_margin_and_others_are_refused():
    assert ramp_positions(32) == range(4, 24)
    assert ramp_positions(len(RAMP) + 2 * MARGIN) == range(4, 5)
    with pytest.raises(ValueError, match="time: expected at least 13"):
        ramp_positions(12)
    for position in (3, 24):
        with pytest.raises(ValueError, match=r"positions: expected 4 … 23, got \["):
            place_ramps(torch.zeros(1, 32), torch.tensor([0]), torch.tensor([position]))
