"""A sound that the browser makes when a button is pressed: sines and noise, described by a few numbers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Tone:
    """Sines of amplitude 1 that sound together, from one second to another."""

    start: float
    end: float
    hertz: Sequence[float]


@dataclass(frozen=True)
class Sound:
    """Tones in white noise. The browser draws noise of its own: it has the strength of the kernel's, not its numbers.

    Raises ValueError for a tone that begins before 0, ends after the sound, or ends before it begins.
    """

    words: str  # what is played
    seconds: float
    rate: int  # samples a second
    tones: Sequence[Tone]
    noise: float = 0.0  # the noise's standard deviation

    def __post_init__(self) -> None:
        for tone in self.tones:
            if not 0 <= tone.start <= tone.end <= self.seconds:
                raise ValueError(
                    f"expected tones from 0 to {self.seconds:g} seconds, got {tone.start:g} to {tone.end:g}"
                )

    def as_data(self) -> dict[str, Any]:
        """Return it as the front end reads it."""
        tones = [asdict(tone) | {"hertz": list(tone.hertz)} for tone in self.tones]
        return asdict(self) | {"tones": tones}
