"""A melody as a sequence of notes, and as sound.

Source: Beethoven 1824, Symphony No. 9, fourth movement, the first two lines of the theme, here in C major.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor


class Note(NamedTuple):
    """A pitch as MIDI counts them (60 is middle C, one more is a semitone higher) and a length in beats."""

    pitch: int
    beats: float


_FIRST_LINE = (
    (64, 1),
    (64, 1),
    (65, 1),
    (67, 1),
    (67, 1),
    (65, 1),
    (64, 1),
    (62, 1),
    (60, 1),
    (60, 1),
    (62, 1),
    (64, 1),
)
_ENDS = (((64, 1.5), (62, 0.5), (62, 2)), ((62, 1.5), (60, 0.5), (60, 2)))
ODE_TO_JOY = tuple(Note(*note) for end in _ENDS for note in (*_FIRST_LINE, *end))

_NAMES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")


def note_name(pitch: int) -> str:
    """Return the name of a MIDI pitch with its octave: 60 is C4."""
    return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"


def tones(melody: tuple[Note, ...], beats_per_minute: float = 132.0, rate: int = 8000) -> Float[Tensor, " time"]:
    """Play the notes one after another: samples from −1 to 1, each note a tone that dies away."""
    return torch.cat([_tone(note, 60 / beats_per_minute, rate) for note in melody])


def _tone(note: Note, seconds_per_beat: float, rate: int) -> Float[Tensor, " time"]:
    time = torch.arange(round(note.beats * seconds_per_beat * rate)) / rate
    angle = 2 * math.pi * 440 * 2 ** ((note.pitch - 69) / 12) * time  # A4, pitch 69, is 440 Hz
    wave = (angle.sin() + (2 * angle).sin() / 2 + (3 * angle).sin() / 4) / 1.75
    return wave * (-3 * time).exp() * (time / 0.01).clamp(max=1)
