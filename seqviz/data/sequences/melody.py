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


_LINE = tuple(Note(pitch, 1) for pitch in (64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64))
ODE_TO_JOY = (
    *(*_LINE, Note(64, 1.5), Note(62, 0.5), Note(62, 2)),
    *(*_LINE, Note(62, 1.5), Note(60, 0.5), Note(60, 2)),
)

_NAMES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")


def note_name(pitch: int) -> str:
    """Return the name of a MIDI pitch with its octave: 60 is C4."""
    return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"


def tones(melody: tuple[Note, ...], beats_per_minute: float = 132.0, rate: int = 8000) -> Float[Tensor, " time"]:
    """Play the notes one after another: samples from −1 to 1, where each note fades away."""
    return torch.cat([_tone(note, 60 / beats_per_minute, rate) for note in melody])


def _tone(note: Note, seconds_per_beat: float, rate: int) -> Float[Tensor, " time"]:
    time = torch.arange(round(note.beats * seconds_per_beat * rate)) / rate
    angle = 2 * math.pi * 440 * 2 ** ((note.pitch - 69) / 12) * time  # A4, pitch 69, is 440 Hz
    wave = (angle.sin() + (2 * angle).sin() / 2 + (3 * angle).sin() / 4) / 1.75
    return wave * (-3 * time).exp() * (time / 0.01).clamp(max=1)
