"""What was recorded of a picture and its words, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True, eq=False)
class GazeTrace:
    """A caption that a network wrote by itself, where it looked for every word, and whether it is true."""

    picture: Float[np.ndarray, "3 row column"]
    words: tuple[str, ...]  # with the end, where it came to one
    weights: Float[np.ndarray, "word cell"]  # row after row of the grid
    named: Bool[np.ndarray, "word cell"]  # the cells of the thing that a word names; none where it names none
    fault: str | None  # what is wrong with the caption

    @property
    def caption(self) -> str:
        """The words without the end."""
        return " ".join(word for word in self.words if word != "<eos>")


@dataclass(frozen=True, eq=False)
class SceneDrawing:
    """Two things as they are drawn, in pixels from the left and from the top."""

    names: tuple[str, ...]  # colour and shape, such as “red circle”
    colours: tuple[str, ...]  # as a page writes them
    middles: Float[np.ndarray, "thing 2"]
    outlines: tuple[Float[np.ndarray, "_ 2"], ...]  # the corners of each, the first once more at the end
    size: int  # rows and columns of the picture
    oddity: str | None  # what sets it apart from all scenes that are learned from

    @property
    def named(self) -> str:
        """Both things and their places in words."""
        placed = zip(self.names, self.middles.tolist(), strict=True)
        return " and ".join(f"a {name} ({across:g} across, {down:g} down)" for name, (across, down) in placed)


@dataclass(frozen=True, eq=False)
class OwnSceneTrace:
    """A scene that somebody drew, what a network wrote about it and where it looked, and what would be true."""

    drawing: SceneDrawing
    gaze: GazeTrace
    true: str  # the caption that a fixed rule gives the scene


@dataclass(frozen=True, eq=False)
class AskTrace:
    """Every question about a scene, as a network answers it that sees and as one does that is blind."""

    drawing: SceneDrawing
    questions: tuple[str, ...]
    kinds: tuple[str, ...]  # of each question
    right: tuple[str, ...]  # answers
    answers: tuple[str, ...]  # all there are
    seeing: Float[np.ndarray, "question answer"]
    blind: Float[np.ndarray, "question answer"]
    weights: Float[np.ndarray, "question glimpse cell"]  # of the one that sees, row after row of the grid
