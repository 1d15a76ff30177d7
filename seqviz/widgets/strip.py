"""A row of tokens above a figure, coloured by what is selected in it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from seqviz.plots.theme import DIVERGING, SEQUENTIAL, palette, visible

PALETTE = palette(SEQUENTIAL)  # computed once: it would take a third of an answer's time
DIVERGING_PALETTE = palette(DIVERGING)
_NAMES = {" ": "space", ".": "full stop", ",": "comma", "'": "apostrophe"}


def spoken(token: str) -> str:
    """Return a token as it is read aloud."""
    return _NAMES.get(token, token)


@dataclass(frozen=True)
class Caption:
    """What the colours of a row mean, and the two ends of their scale."""

    words: str  # "{row}" in them stands for the number of the row that is shown, counted from 0
    ends: tuple[str, str] = ("", "")
    diverging: bool = False  # two colours, with nothing in the middle
    scale: bool = True  # whether the colours are a scale; without, they only tell apart


@dataclass(frozen=True, eq=False)
class Strip:
    """The row: what its colours mean, its tokens, and a level for each of them at every selection."""

    label: str
    tokens: tuple[str, ...]
    # from 0 to 1, or NaN for no colour; one row where no selection changes it
    levels: Float[np.ndarray, "selection token"]
    flowing: bool = False  # set as running text, not as a row of keys
    by: str = ""  # the control whose value says which row of the levels is shown; else the selection
    captions: Sequence[Caption] = ()  # one for each row, the last for all that follow; else the label
    writes: Sequence[str] = ()  # for each selection a text that goes on from there
    written: str = ""  # the control that says how many of its letters are shown
    # a name and the number of its first token, for each line; without, all tokens are steps of one line
    rows: Sequence[tuple[str, int]] = ()
    selects: Sequence[int] = ()  # the selection that each token stands for; without, its own number

    def as_data(self) -> dict[str, Any]:
        """Return what the front end draws, with names that can be read aloud."""
        return {
            "label": self.label,
            "tokens": [visible(token) for token in self.tokens],
            "names": [spoken(token) for token in self.tokens],
            "levels": self.levels,
            "flowing": self.flowing,
            "by": self.by,
            "captions": [asdict(caption) for caption in self.captions],
            "palettes": [PALETTE, DIVERGING_PALETTE] if any(one.diverging for one in self.captions) else [PALETTE],
            "writes": [visible_text(text) for text in self.writes],
            "written": self.written,
            "rows": [list(row) for row in self.rows],
            "selects": list(self.selects),
        }


def visible_text(text: str) -> str:
    """Return a text whose spaces and line breaks are seen."""
    return "".join(map(visible, text))
