r"""Numbers dialled on a telephone: every key is two sines at once, one for its row and one for its column.

$$x(t) = \sin(2\pi f_{row} t + \varphi_1) + a \sin(2\pi f_{column} t + \varphi_2)$$

Source: ITU-T Recommendation Q.23 (1988), "Technical features of push-button telephone sets", for the frequencies.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from seqviz.models.hearing.spectrogram import log_spectrogram

RATE = 8000  # samples a second, as telephones have them
KEYS = "123A456B789C*0#D"  # row by row
ROW_HERTZ, COLUMN_HERTZ = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
DIALLED = "0123456789"  # what random calls dial; digit i has label i + 1, since 0 is CTC's blank


class Call(NamedTuple):
    """A number, its sound, and from which sample to which each of its keys was held down."""

    digits: str
    samples: Float[Tensor, " time"]
    held: tuple[tuple[int, int], ...]


class HeardCalls(NamedTuple):
    """Frames of several calls, padded with zeros, and the labels of their digits, padded with blanks."""

    frames: Float[Tensor, "batch time frequency"]
    lengths: Int[Tensor, " batch"]
    labels: Int[Tensor, "batch label"]
    label_lengths: Int[Tensor, " batch"]


def key_hertz(key: str) -> tuple[int, int]:
    """Return the frequencies of a key's row and column. Raises ValueError for another key than `KEYS`."""
    if len(key) != 1 or key not in KEYS:
        raise ValueError(f"key: expected one of {' '.join(KEYS)}, got {key!r}")
    row, column = divmod(KEYS.index(key), len(COLUMN_HERTZ))
    return ROW_HERTZ[row], COLUMN_HERTZ[column]


def key_tone(
    key: str, samples: int, column_amplitude: float = 1.0, phases: Sequence[float] = (0.0, 0.0)
) -> Float[Tensor, " time"]:
    """Return the sound of a key that is held down; the sine of its row has amplitude 1. Raises as `key_hertz`."""
    time = torch.arange(samples) / RATE
    row, column = (
        (2 * math.pi * hertz * time + phase).sin() for hertz, phase in zip(key_hertz(key), phases, strict=True)
    )
    return row + column_amplitude * column


def dial(digits: str, tone: int = 800, gap: int = 500) -> Call:
    """Dial a number evenly: each key is held for ``tone`` samples, with ``gap`` samples of silence around it."""
    silence = torch.zeros(gap)
    parts = [silence, *(part for key in digits for part in (key_tone(key, tone), silence))]
    starts = [gap + number * (tone + gap) for number in range(len(digits))]
    return Call(digits, torch.cat(parts), tuple((start, start + tone) for start in starts))


def random_number(generator: Generator, fewest: int = 2, most: int = 5, repeat: float = 0.25) -> str:
    """Return ``fewest`` to ``most`` digits; each repeats the one before with probability ``repeat``, and by chance."""
    digits = DIALLED[_whole(generator, 0, len(DIALLED))]
    for _ in range(_whole(generator, fewest, most + 1) - 1):
        again = _between(generator, 0.0, 1.0) < repeat
        digits += digits[-1] if again else DIALLED[_whole(generator, 0, len(DIALLED))]
    return digits


def extension(generator: Generator) -> str:
    """Return a number of a house with two buildings, three floors and 24 rooms on each: 1213 is room 13 of floor 2.

    The buildings are called 1 and 4, the floors 1, 2 and 3, and the rooms 01 … 24.
    """
    building, floor = "14"[_whole(generator, 0, 2)], _whole(generator, 1, 4)
    return f"{building}{floor}{_whole(generator, 1, 25):02}"


def dial_by_hand(digits: str, generator: Generator, decibels: tuple[float, float] = (-5.0, 15.0)) -> Call:
    r"""Dial a number as people do: long and short, loud and in noise.

    where a key is held for 62 to 162 ms, with 25 to 125 ms between keys, and the sine of its column has 0.6 to 1.4 of
    the amplitude of the other. White noise is added, whose power lies by ``decibels`` (drawn between the two) below
    that of two sines of amplitude 1: $\sigma = 10^{-\text{dB} / 20}$.
    """
    parts, held = [torch.zeros(_whole(generator, 200, 1200))], []
    for digit in digits:
        start = sum(map(len, parts))
        phases = [_between(generator, 0.0, 2 * math.pi) for _ in range(2)]
        tone = key_tone(digit, _whole(generator, 500, 1300), _between(generator, 0.6, 1.4), phases)
        held.append((start, start + len(tone)))
        parts += [tone, torch.zeros(_whole(generator, 200, 1000))]
    return Call(digits, with_noise(torch.cat(parts), _between(generator, *decibels), generator), tuple(held))


def random_call(generator: Generator, decibels: tuple[float, float] = (-5.0, 15.0)) -> Call:
    """Dial a random number by hand: `random_number` and `dial_by_hand`."""
    return dial_by_hand(random_number(generator), generator, decibels)


def _between(generator: Generator, low: float, high: float) -> float:
    return low + (high - low) * float(torch.rand((), generator=generator))


def _whole(generator: Generator, low: int, high: int) -> int:
    return int(torch.randint(low, high, (), generator=generator))


def with_noise(samples: Float[Tensor, " time"], decibels: float, generator: Generator) -> Float[Tensor, " time"]:
    """Add white noise whose power lies ``decibels`` below that of two sines of amplitude 1."""
    return samples + 10 ** (-decibels / 20) * torch.randn(samples.shape, generator=generator)


def labels_of(digits: str) -> Int[Tensor, " label"]:
    """Return the labels of digits: one more than the digit, since label 0 is the blank."""
    return torch.tensor([DIALLED.index(digit) + 1 for digit in digits], dtype=torch.long)


def digits_of(labels: Sequence[int]) -> str:
    """Return the digits of labels, blanks left out."""
    return "".join(DIALLED[label - 1] for label in labels if label)


def heard_calls(calls: Sequence[Call]) -> HeardCalls:
    """Return the frames (`log_spectrogram`) and the labels of calls, as one padded batch."""
    pad = torch.nn.utils.rnn.pad_sequence
    frames = [log_spectrogram(call.samples, RATE) for call in calls]
    labels = [labels_of(call.digits) for call in calls]
    lengths, label_lengths = (torch.tensor([len(one) for one in ones]) for ones in (frames, labels))
    return HeardCalls(pad(frames, batch_first=True), lengths, pad(labels, batch_first=True), label_lengths)
