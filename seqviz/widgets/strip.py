"""A row of tokens above a figure, coloured by what is selected in it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from seqviz.plots.theme import SEQUENTIAL, palette, visible

PALETTE = palette(SEQUENTIAL)  # computed once: it would take a third of an answer's time
_NAMES = {" ": "space", ".": "full stop", ",": "comma", "'": "apostrophe"}


def spoken(token: str) -> str:
    """Return a token as it is read aloud."""
    return _NAMES.get(token, token)


@dataclass(frozen=True, eq=False)
class Strip:
    """The row: what its colours mean, its tokens, and a level for each of them at every selection."""

    label: str
    tokens: tuple[str, ...]
    levels: Float[np.ndarray, "selection token"]  # from 0 to 1, or NaN for no colour

    def as_data(self) -> dict[str, Any]:
        """Return what the front end draws, with names that can be read aloud."""
        return {
            "label": self.label,
            "tokens": [visible(token) for token in self.tokens],
            "names": [spoken(token) for token in self.tokens],
            "levels": self.levels,
            "palette": PALETTE,
        }
