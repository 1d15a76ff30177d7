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
