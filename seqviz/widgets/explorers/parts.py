"""What several explorers are made of: a text to type, a step to select, a strip of tokens."""

import numpy as np

from seqviz.data.alphabet import Alphabet
from seqviz.plots.theme import SEQUENTIAL, palette, visible
from seqviz.widgets.controls import Range, TextBox

STRIP_PALETTE = palette(SEQUENTIAL)  # mixed once: it would be a third of an answer's time
LONGEST = 60  # characters of a typed text: more would not fit a line


def text_box(text: str, alphabet: Alphabet) -> TextBox:
    """A line to type into, which says what may be typed."""
    shown = "".join(visible(character) for character in alphabet.characters)
    return TextBox("text", f"Type (only {shown})", text, LONGEST)


def step_range(label: str, text: str, selected: int) -> Range:
    """Select one step of a text, counted from 1 as in the equations."""
    return Range("step", label, 0, len(text) - 1, 1, selected, browser=True, offset=1)


def strip_of(label: str, tokens: tuple[str, ...], levels: np.ndarray) -> dict[str, object]:
    """The row of tokens: ``levels[selected]`` holds a colour for each, from 0 to 1, or NaN for none."""
    return {
        "strip": {
            "label": label,
            "tokens": [visible(token) for token in tokens],
            "names": [{" ": "space", ".": "full stop", ",": "comma", "'": "apostrophe"}.get(t, t) for t in tokens],
            "levels": levels,
            "palette": STRIP_PALETTE,
        }
    }
