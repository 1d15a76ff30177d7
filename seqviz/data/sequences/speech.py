"""A voice made of a buzz and three resonances, which glides from the vowel of *tree* to that of *father*.

The buzz is one pulse per opening of the vocal cords; each resonance of the mouth is a filter that rings at its own
frequency. Moving the frequencies changes the vowel.

Sources: Fant 1960, "Acoustic theory of speech production" (source and filter); Peterson & Barney 1952, "Control methods
used in a study of the vowels", table II, men (the frequencies).
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

RATE = 8000  # samples per second, as on the telephone
TREE, FATHER = (270.0, 2290.0, 3010.0), (730.0, 1090.0, 2440.0)  # the first three resonances, in Hz
_BANDWIDTHS = (60.0, 90.0, 120.0)
_PITCH = (125.0, 100.0)  # openings per second, at the start and at the end


def glide(seconds: float = 1.0, rate: int = RATE) -> Float[Tensor, " time"]:
    """Return the samples, from −1 to 1: the first third is *ee*, the last is *ah*, in between it glides.

    Raises ValueError when it would have no sample.
    """
    count = round(seconds * rate)
    if count < 1:
        raise ValueError(f"seconds: expected at least one sample at rate {rate}, got {seconds}")
    progress = [n / count for n in range(count)]
    sound = _pulses(progress, rate)
    for start, end, bandwidth in zip(TREE, FATHER, _BANDWIDTHS, strict=True):
        frequencies = [start + (end - start) * min(max(3 * p - 1, 0.0), 1.0) for p in progress]
        sound = _resonance(sound, frequencies, bandwidth, rate)
    samples = torch.tensor(sound) * _fade(count, rate)
    return samples / samples.abs().max().clamp(min=1e-12)


def _pulses(progress: list[float], rate: int) -> list[float]:
    phase, pulses = 1.0, []
    for p in progress:
        pulses.append(1.0 if phase >= 1 else 0.0)
        phase = phase % 1 + (_PITCH[0] + (_PITCH[1] - _PITCH[0]) * p) / rate
    return pulses


def _resonance(sound: list[float], frequencies: list[float], bandwidth: float, rate: int) -> list[float]:
    """Ring at the given frequencies: a recurrence over the last two samples (Klatt 1980, equation 1)."""
    radius = math.exp(-math.pi * bandwidth / rate)
    before, two_before, rung = 0.0, 0.0, []
    for sample, frequency in zip(sound, frequencies, strict=True):
        a, b = 2 * radius * math.cos(2 * math.pi * frequency / rate), -(radius**2)
        before, two_before = (1 - a - b) * sample + a * before + b * two_before, before
        rung.append(before)
    return rung


def _fade(count: int, rate: int) -> Float[Tensor, " time"]:
    """Rise and fall over 20 ms: a sound cut off hard clicks."""
    from_edge = torch.minimum(torch.arange(count), torch.arange(count).flip(0))
    return (from_edge / (0.02 * rate)).clamp(max=1)
