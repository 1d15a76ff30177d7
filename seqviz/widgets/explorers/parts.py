"""Controls that several explorers share: a text to type, a step to select."""

from seqviz.data.tokenizer import Tokenizer
from seqviz.plots.theme import visible
from seqviz.widgets.controls import Range, TextBox

LONGEST = 60  # characters of a typed text: more would not fit a line


def text_box(text: str, alphabet: Tokenizer) -> TextBox:
    """A line to type into, which says what may be typed."""
    shown = "".join(visible(character) for character in alphabet.tokens)
    readable = "".join(alphabet.tokens) if alphabet.unit == "character" and alphabet.unknown is None else ""
    return TextBox("text", f"Type (only {shown})", text, LONGEST, readable=readable)


def step_range(label: str, text: str, selected: int) -> Range:
    """Select one step of a text, counted from 1 as in the equations."""
    return Range("step", label, minimum=0, maximum=len(text) - 1, step=1, value=selected, browser=True, offset=1)
