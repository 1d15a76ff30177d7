"""What was recorded of hearing, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

Shown = Literal["forward sums", "share of all paths"]


@dataclass(frozen=True)
class CollapseTrace:
    """A path, and what it stands for after every frame."""

    path: str  # with "-" for the blank
    starts: tuple[bool, ...]  # whether a frame begins a label: it is no blank and differs from the one before
    labels: tuple[str, ...]  # after each frame
    needed: tuple[int, ...]  # the least frames for these labels


@dataclass(frozen=True, eq=False)
class LatticeTrace:
    """Labels held against the frames of a sound: sums of paths in every state, at every frame."""

    labels: str
    states: str  # labels with blanks, "-", before, between and after
    shown: Shown
    log_sums: Float[np.ndarray, "state frame"]  # −∞ where no path can be
    shares: Float[np.ndarray, "state frame"]  # of all the labels' paths, those that pass here
    log_probability: float  # of the labels, given the sound
    best_path: str  # the likeliest label of every frame


@dataclass(frozen=True, eq=False)
class TelephoneTrace:
    """Keys that were pressed, the frames of their sound in noise, and what a network makes of each."""

    number: str
    noise: float  # dB of its power above that of the tones
    held: Float[np.ndarray, "key 2"]  # from which second to which a key was down
    keys_hertz: tuple[tuple[int, int], ...]
    seconds: float
    middles: Float[np.ndarray, " frame"]  # at which second the middle of a frame lies
    hertz: Float[np.ndarray, " frequency"]
    loudness: Float[np.ndarray, "frequency frame"]  # logarithms, as the network reads them
    beliefs: Float[np.ndarray, "label frame"]  # the blank first, then the digits
    path: str  # the likeliest label of every frame, "-" for the blank
    heard: tuple[str, ...]  # what the path collapses to, after each frame
