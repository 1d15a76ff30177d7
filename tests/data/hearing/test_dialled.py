"""Two frequencies for each key, calls as long as they say, and noise of the strength that is asked for."""

import itertools
import math

import pytest
import torch

from seqviz.data.hearing.dialled import (
    DIALLED,
    KEYS,
    RATE,
    dial,
    dial_by_hand,
    digits_of,
    extension,
    heard_calls,
    key_hertz,
    key_tone,
    labels_of,
    random_call,
    random_number,
    with_noise,
)
from seqviz.models.hearing.spectrogram import log_spectrogram


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_sounds_in_the_frequencies_of_its_row_and_its_column(key):
    tone = key_tone(key, RATE, 0.5)  # one second: a hertz a place
    size = torch.fft.rfft(tone).abs()
    assert sorted(size.topk(2).indices.tolist()) == sorted(key_hertz(key))
    row, column = key_hertz(key)
    assert size[column] / size[row] == pytest.approx(0.5, abs=1e-3)


def test_the_frequencies_of_the_recommendation():
    assert [key_hertz(key) for key in "15#D"] == [(697, 1209), (770, 1336), (941, 1477), (941, 1633)]
    with pytest.raises(ValueError, match="expected one of 1 2 3 A"):
        key_hertz("E")


def test_an_even_call_has_sound_where_it_says_and_silence_elsewhere():
    call = dial("55", tone=100, gap=40)
    assert (call.held, len(call.samples)) == (((40, 140), (180, 280)), 320)
    assert (call.samples[:40] == 0).all()
    assert (call.samples[140:180] == 0).all()
    torch.testing.assert_close(call.samples[40:140], key_tone("5", 100))
    torch.testing.assert_close(call.samples[180:280], key_tone("5", 100))


def test_noise_lies_as_far_below_two_sines_as_asked():
    silence = torch.zeros(40_000)
    for decibels in (-5.0, 0.0, 15.0):
        power = with_noise(silence, decibels, generator()).square().mean()
        of_two_sines = key_tone("1", 40_000).square().mean()
        assert 10 * math.log10(of_two_sines / power) == pytest.approx(decibels, abs=0.1)


def test_numbers_have_every_length_and_digit_and_repeat_as_often_as_asked():
    draws = generator()
    numbers = [random_number(draws) for _ in range(2000)]
    assert {len(number) for number in numbers} == {2, 3, 4, 5}
    assert set("".join(numbers)) == set(DIALLED)
    pairs = [one == other for number in numbers for one, other in itertools.pairwise(number)]
    assert sum(pairs) / len(pairs) == pytest.approx(0.25 + 0.75 / 10, abs=0.02)
    assert {len(random_number(draws, 4, 4, repeat=1.0)) for _ in range(20)} == {4}
    assert all(len(set(random_number(draws, 2, 9, repeat=1.0))) == 1 for _ in range(20))


def test_an_extension_is_a_building_a_floor_and_a_room():
    draws = generator()
    numbers = {extension(draws) for _ in range(3000)}
    assert len(numbers) == 2 * 3 * 24
    assert {number[0] for number in numbers} == {"1", "4"}
    assert {number[1] for number in numbers} == {"1", "2", "3"}
    assert {int(number[2:]) for number in numbers} == set(range(1, 25))


def test_a_call_by_hand_is_as_long_as_people_hold_keys():
    for seed in range(30):
        call = dial_by_hand("307", generator(seed), decibels=(300.0, 300.0))  # hardly any noise
        lengths = [end - start for start, end in call.held]
        gaps = [after[0] - before[1] for before, after in zip(call.held, call.held[1:], strict=False)]
        assert all(500 <= length < 1300 for length in lengths)
        assert all(200 <= gap < 1000 for gap in gaps)
        silent = torch.ones(len(call.samples), dtype=torch.bool)
        for start, end in call.held:
            silent[start:end] = False
        assert call.samples[silent].abs().max() < 1e-6
        assert call.samples[~silent].abs().max() > 1


def test_a_random_call_is_the_same_again_from_the_same_generator():
    one, other = random_call(generator(3)), random_call(generator(3))
    assert one.digits == other.digits
    assert torch.equal(one.samples, other.samples)
    assert one.digits != random_call(generator(4)).digits


def test_labels_leave_room_for_the_blank():
    assert labels_of("0918").tolist() == [1, 10, 2, 9]
    assert digits_of([1, 0, 10, 2, 0, 0, 9]) == "0918"
    assert labels_of("").tolist() == []


def test_a_batch_is_padded_behind_each_call():
    calls = [dial("12", 900, 300), dial("3", 700, 200)]
    heard = heard_calls(calls)
    assert heard.labels.tolist() == [[2, 3], [4, 0]]
    assert heard.label_lengths.tolist() == [2, 1]
    for row, call in enumerate(calls):
        alone = log_spectrogram(call.samples, RATE)
        assert heard.lengths[row] == len(alone)
        torch.testing.assert_close(heard.frames[row, : len(alone)], alone)
        assert (heard.frames[row, len(alone) :] == 0).all()
